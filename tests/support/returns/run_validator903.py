"""What runs in the validator's own environment: returns come in as JSON, failing rows go out as JSON."""

import contextlib
import json
import logging
import sys
from typing import Any

from lac_validator.lac_validator import LacValidator
from lac_validator.rules.ruleset_utils import get_year_ruleset

TABLES = {"header": "Header", "episodes": "Episodes", "reviews": "Reviews"}
# The years for which the validator has rules; a return of an earlier year is judged by the first, a later by the last.
FIRST_RULES, LAST_RULES = 2023, 2027


def judged(case: dict[str, Any]) -> dict[str, Any]:
    """One return's failing rows by rule, and the rules that broke down or were left out for want of a table."""
    rules = get_year_ruleset(str(min(max(case["year"], FIRST_RULES), LAST_RULES)))
    files = [
        {"name": f"{name}.csv", "description": "This year", "file_content": case[name].encode()} for name in TABLES
    ]
    metadata = {"collectionYear": str(case["year"]), "localAuthority": case["authority"]}
    run = LacValidator(metadata=metadata, files=files, registry=rules)
    # What it read stays as it was read: every rule works on copies, and marks its failures on another.
    rows = {table: run.dfs[table].fillna("").to_dict("records") for table in TABLES.values()}
    found: dict[str, list[dict[str, Any]]] = {}
    for table, content in rows.items():
        result = run.ds_results[table]
        for column in (column for column in result.columns if column.startswith("ERR_")):
            failing = [int(number) for number in result.index[result[column].eq(True)]]
            found.setdefault(column.removeprefix("ERR_"), []).extend(
                {"table": table, "line": number + 2} | content[number] for number in failing
            )
    return {"failures": found, "broken": [str(failure) for failure in run.fails], "without_table": run.skips}


def main() -> None:
    """Judge every return that standard input names; whatever the validator itself says goes to standard error."""
    logging.getLogger().setLevel(logging.ERROR)
    with contextlib.redirect_stdout(sys.stderr):
        answers = [judged(case) for case in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
