"""Reviews: a page, one record, and holding a review of three children with all that follows from it."""

from bench.http import Result, _token
from bench.load import Target, pair
from bench.review_seed import planned, seeded
from bench.system import migrated, plain, program
from chassis import clock
from deploy.local.postgres import Server

CHILDREN = 660
HELD = 40_000
# Each request holds another review: the load program counts them, from where it is told.
EACH_ANOTHER = """
local number = {first}
request = function()
  local reference = string.format("REV-1999-%07d", number)
  local parts = {{}}
  for child = number * 3, number * 3 + 2 do
    parts[#parts + 1] = string.format(
      '{{"person_id":"H%d","participation":"PN1","attended":true,"seen_alone":true}}', child)
  end
  number = number + 1
  local body = '{{"held_on":"{day}","children":[' .. table.concat(parts, ",") .. ']}}'
  return wrk.format("POST", "{path}" .. reference .. "{end_of_path}", nil, body)
end
"""


class Holding:
    """A target that holds another review with each request, in one run after the other."""

    def __init__(self, url: str, headers: dict[str, str], path: str, end_of_path: str, first: int) -> None:
        self._given = (url, headers | {"Content-Type": "application/json", "If-Match": '\\"1\\"'})
        self._paths = (path, end_of_path)
        self._next = first

    def target(self) -> Target:
        """The target of the next run, which begins where no run before it came."""
        url, headers = self._given
        path, end_of_path = self._paths
        script = EACH_ANOTHER.format(
            first=self._next, day=clock.today().isoformat(), path=path, end_of_path=end_of_path
        )
        self._next += 4000
        return Target(url, headers, script=script)


async def measure(running: Server) -> list[Result]:
    """All of it."""
    settings = await migrated(running, "reviews", "bench_reviews")
    await seeded(settings, CHILDREN)
    await planned(settings, HELD)
    given = plain(settings)
    async with program("reviews", given) as service, program("raw_reviews", given) as raw:
        headers = _token()
        page = Target(f"{service.url}/v1/reviews", headers)
        one = Target(f"{service.url}/v1/looked-after-children/P7", headers)
        ours = Holding(service.url, headers, "/v1/reviews/", "/hold", 0)
        floor = Holding(raw.url, {}, "/hold/", "", HELD // 2)
        return [
            Result("page of 50 reviews", "raw route", *await pair(page, Target(f"{raw.url}/page", {})), "/s", "≥ 1.3"),
            Result("one child", "raw route", *await pair(one, Target(f"{raw.url}/one/P7", {})), "/s", "≥ 0.6"),
            Result(
                "hold a review of three children",
                "raw route, same writes",
                *await pair(ours.target, floor.target),
                "/s",
                "≥ 0.45",
            ),
        ]
