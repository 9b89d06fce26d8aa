"""How each part of the demo goes in through the front door, by the endpoints that people use."""
