"""The demonstration's records, loaded into the local system on its first start."""

import subprocess
import sys

from deploy.local.child import PROJECT, end_of
from deploy.local.ownership import Record
from deploy.local.progress import say
from deploy.local.topology import Topology


async def load_once(topology: Topology, record: Record) -> None:
    """Load the demonstration if this folder does not have it; a failure is told, and tried again on the next start."""
    loaded = topology.folder / "demo-loaded"
    if loaded.exists():
        return
    say("Loading the demonstration: an invented council's records. This is done once.")
    if await _load(topology, record) == 0:
        loaded.touch()
    else:
        say("The demonstration is not complete; the system runs without the rest.")
        say("Start again to go on from here, or run `make clean` to begin anew.")


async def _load(topology: Topology, record: Record) -> int:
    """Run the demonstration, which shows its own progress; how it ended."""
    command = [sys.executable, "-m", "demo", "--gateway", topology.ports.public_url]
    process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, start_new_session=True)
    record.add("demo", process.pid, command)
    try:
        return await end_of(process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        record.remove("demo")
