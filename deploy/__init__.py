"""How the system is run: the command line, all of it on one machine, and the parts of a production installation."""


class CannotRun(Exception):
    """Something cannot run here as things are; the message says in a sentence why, and what to do about it."""
