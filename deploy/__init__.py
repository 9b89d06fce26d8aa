"""How the system is run: the command line, the whole of it on one machine, and the parts of a production installation."""
