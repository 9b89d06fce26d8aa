"""Two years of an invented council, in published figures, loaded through the front door."""
