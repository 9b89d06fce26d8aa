"""How each part of the demo goes in through the front door, by the endpoints that people use.

Each part can be loaded again from wherever an earlier run stopped: files are taken whole or not at all, so one that is
there is passed over; what is created carries a key of its own words; everything else looks first at what is there.
"""
