"""How the system is run: the command line, all of it on one machine, and the parts of a production installation."""
