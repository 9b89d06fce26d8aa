"""A load that holds another meeting of three children with each request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from bench.load import Asked, Target
from bench.system import Program
from chassis.base import clock
from chassis.law.working_days import subtract_working_days

# No run holds so many.
MOST = 1600
# The load program counts the meetings, from where it is told.
EACH_ANOTHER = """
local number = {first}
request = function()
  local reference = string.format("{prefix}-1999-%07d", number)
  local parts = {{}}
  for child = number * 3, number * 3 + 2 do
    parts[#parts + 1] = string.format('{{"person_id":"H%d","participation":"PN1","attended":true,{outcome}}}', child)
  end
  number = number + 1
  local body = '{{"held_on":"{day}",{more}"children":[' .. table.concat(parts, ",") .. ']}}'
  return wrk.format("POST", "{path}" .. reference .. "{end_of_path}", nil, body)
end
"""


@dataclass(frozen=True)
class Kind:
    """A kind of meeting: how its references begin, and what else is said of each child and of the meeting, as JSON."""

    prefix: str
    outcome: str
    more: str = ""


class Holding:
    """A target that holds another meeting with each request, in one run and at one process after the other."""

    def __init__(
        self, kind: Kind, running: Sequence[Program], headers: dict[str, str], path: tuple[str, str], first: int
    ) -> None:
        self._kind = kind
        self._running = running
        self._next_one = cycle(running)
        self._headers = headers | {"Content-Type": "application/json", "If-Match": '\\"1\\"'}
        self._path = path
        self._next = first

    def targets(self) -> Sequence[Asked]:
        """What is asked of one process after the other."""
        return [self.target] * len(self._running)

    def target(self) -> Target:
        """The target of the next run, which begins where no run before it came."""
        path, end_of_path = self._path
        script = EACH_ANOTHER.format(
            first=self._next,
            # An initial conference is held on a working day, also in a bench that runs on a Saturday.
            day=subtract_working_days(clock.today() + timedelta(days=1), 1).isoformat(),
            path=path,
            end_of_path=end_of_path,
            prefix=self._kind.prefix,
            outcome=self._kind.outcome,
            more=self._kind.more,
        )
        self._next += MOST
        return Target(next(self._next_one).url, self._headers, script=script)
