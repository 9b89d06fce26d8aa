"""What can stand in the way of a local run: each is one clear sentence, shown instead of a traceback."""


class CannotRun(Exception):
    """The system cannot run here as things are; the message says why, and what to do about it."""


class PortTaken(CannotRun):
    """Something else listens on a port that is needed."""

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(
            f"Port {port}, which {purpose} needs, is taken by another program: stop that program and start again."
        )


class DiskFull(CannotRun):
    """There is no room left for the data."""

    def __init__(self, where: object) -> None:
        super().__init__(f"The disk that holds {where} is full: make some room there and start again.")
