"""What runs in the validator's own environment: censuses come in as JSON, failing rules go out as JSON."""

import contextlib
import io
import json
import logging
import re
import sys
import xml.etree.ElementTree as ET
from typing import Any

from cin_validator.cin_validator import CinValidator, convert_data, process_data
from cin_validator.rules.ruleset_utils import get_year_ruleset

# The years for which the validator has rules; a census of an earlier year is judged by the first, a later by the last.
FIRST_RULES, LAST_RULES = 2023, 2027
# A rule that breaks down only says so, and counts as passed.
BROKEN = re.compile(r"^Error with rule (\w+): (.*)$", re.MULTILINE)


def judged(case: dict[str, Any]) -> dict[str, Any]:
    """One census's failing rules with what they name, the rules that broke down, and the part that each looks at."""
    rules = get_year_ruleset(str(min(max(case["year"], FIRST_RULES), LAST_RULES)))
    tables = process_data(convert_data(ET.fromstring(case["census"])))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run = CinValidator(tables, rules)
    found: dict[str, list[dict[str, str]]] = {}
    for row in run.full_issue_df.fillna("").astype(str).to_dict("records"):
        found.setdefault(row["rule_code"], []).append(row)
    for row in run.multichild_issues.astype(str).to_dict("records"):
        found.setdefault(row["rule_code"], []).append(row)
    return {
        "failures": found,
        "broken": dict(BROKEN.findall(said.getvalue())),
        "modules": {str(code): rule.module.name for code, rule in rules.items()},
    }


def main() -> None:
    """Judge every census that standard input names; whatever the validator itself says goes to standard error."""
    logging.getLogger().setLevel(logging.ERROR)
    with contextlib.redirect_stdout(sys.stderr):
        answers = [judged(case) for case in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
