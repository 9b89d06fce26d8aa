"""Sends events by a peer's queue: `python -m bench.peers <module> <address> <how many>`."""

import asyncio
import sys
from importlib import import_module

asyncio.run(import_module(f"bench.peers.{sys.argv[1]}").main(sys.argv[2], int(sys.argv[3])))
