"""How long to wait before something that ended by itself is started again."""

import time
from dataclasses import dataclass, field

SHORTEST, LONGEST = 1.0, 30.0
# Whatever ran for so long and then ended has another trouble than the last time.
STEADY = 60.0


@dataclass
class Restarts:
    """Twice as long each time, up to half a minute, until it has run steadily for a while."""

    began: float = field(default_factory=time.monotonic)
    pause: float = SHORTEST

    def begin(self) -> None:
        """It runs again."""
        self.began = time.monotonic()

    def next_pause(self) -> float:
        """It has ended: the seconds until it should be started again."""
        if time.monotonic() - self.began > STEADY:
            self.pause = SHORTEST
        pause = self.pause
        self.pause = min(2 * pause, LONGEST)
        return pause
