"""When a delivery that failed is tried again: the Standard Webhooks schedule, with jitter.

It is for outsiders, for mail, and for an event that one of our own services refuses. A service of ours that is away is
tried again every few seconds.
"""

from datetime import timedelta
from random import SystemRandom

PAUSES = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# Those that failed together must not all come back together.
JITTER = 0.2
_random = SystemRandom()


def pause_after(tries: int, random: float | None = None) -> timedelta | None:
    """The pause after so many tries that failed; None when it was the last.

    `random` between 0 and 1 says how much longer, by at most a fifth, the pause is made; left out, it is drawn.
    """
    if tries >= len(PAUSES):
        return None
    drawn = _random.random() if random is None else random
    return PAUSES[tries] * (1 + JITTER * drawn)
