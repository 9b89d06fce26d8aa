"""Measures everything and writes docs/bench.md with its chart: `make bench`."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from bench import conferences, events, http, mail, reviews, volume
from bench.http import Result
from bench.system import server

DOCS = Path(__file__).parent.parent / "docs"
NEEDED = ("wrk", "nginx")


def _met(result: Result) -> bool:
    sign, _, number = result.target.partition(" ")
    return result.ratio >= float(number) if sign == "≥" else result.ratio <= float(number)


def table(results: Sequence[Result]) -> str:
    """The results as a table."""
    lines = [
        "| what | against | ours | floor | ratio | target | met |",
        "| --- | --- | ---: | ---: | ---: | --- | --- |",
    ]
    lines += [
        f"| {one.what} | {one.against} | {one.ours:,.1f} {one.unit} | {one.floor:,.1f} {one.unit} "
        f"| {one.ratio:.2f} | {one.target} | {'yes' if _met(one) else 'no'} |"
        for one in results
    ]
    return "\n".join(lines)


def chart(results: Sequence[Result]) -> None:
    """A picture of the ratios beside their targets."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    places = range(len(results))
    axes.barh(places, [one.ratio for one in results], color=["#0b6b3a" if _met(one) else "#8a5a00" for one in results])
    axes.plot([float(one.target.split()[1]) for one in results], places, "k|", markersize=18, label="target")
    axes.set_yticks(places, [one.what for one in results], fontsize=7)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("ratio to the floor (log)")
    axes.legend()
    figure.tight_layout()
    figure.savefig(DOCS / "pictures" / "bench.png", dpi=90)


async def measure() -> list[Result]:
    """Everything, each part on a throwaway server of its own: none waits for what another left to be tidied up."""
    results: list[Result] = []
    for part in (http, reviews, conferences, events, mail, volume):
        print(f"Measuring {part.__name__.removeprefix('bench.')} …", flush=True)
        async with server() as running:
            results += await part.measure(running)
    return results


def main() -> None:
    """Measure and write it down."""
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        raise SystemExit(f"Please install {' and '.join(missing)}: apt-get install wrk nginx-light.")
    results = asyncio.run(measure())
    print(table(results))
    (DOCS / "pictures").mkdir(exist_ok=True)
    chart(results)
    page = (DOCS / "bench.md").read_text() if (DOCS / "bench.md").exists() else "# The bench\n"
    before, _, after = page.partition("<!-- results -->")
    _, _, after = after.partition("<!-- end of results -->")
    text = f"{before.rstrip()}\n\n<!-- results -->\n{table(results)}\n<!-- end of results -->{after or chr(10)}"
    (DOCS / "bench.md").write_text(text)


if __name__ == "__main__":
    main()
