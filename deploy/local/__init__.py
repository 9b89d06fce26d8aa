"""The whole system on this machine, for trying and for developing: one command, nothing else installed."""
