"""What fails validation, said to people: each error names the field as it was sent, and never the value."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from pydantic_core import PydanticCustomError

from chassis.law.labels import field_label
from chassis.law.violations import Violation

WHERE = {"body", "query", "path", "header", "cookie"}
# Such as `^(adoption|special_guardianship)$`, and `^-?(due_on|id)$` for an order.
CHOICE = re.compile(r"\^(-\?)?\(((?:\w+\|)*\w+)\)\$")
# Such as `^ESC-\d{4}-\d{4,}$`.
REFERENCE = re.compile(r"\^([A-Z]+)-\\d\{4\}-\\d\{4,\}\$")
# What a text must be, by the beginning of its pattern.
FORMS = {
    "^https://": "a web address that begins with https://",
    "^[a-z0-9][a-z0-9-]{0,59}$": "made of lower-case letters, digits and hyphens",
    "^[A-Za-z0-9-]{1,20}$": "made of at most 20 letters, digits and hyphens",
    "^[0-9+() -]{5,30}$": "a telephone number such as 01632 960042",
}
DATE = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")
DAY, MOMENT, TIME = "a date such as 2019-04-01", "a date and time such as 2019-04-01T09:30:00Z", "a time such as 09:30"

# How a value must be, by the beginning of Pydantic's word for what is wrong; the longest comes first.
MUST_BE: tuple[tuple[str, Callable[[Mapping[str, Any]], str]], ...] = (
    ("enum", lambda given: f"one of {_or(str(given['expected']))}"),
    ("literal_error", lambda given: f"one of {_or(str(given['expected']))}"),
    ("union_tag_invalid", lambda given: f"one of {_or(str(given['expected_tags']))}"),
    ("string_pattern_mismatch", lambda given: _fitting(str(given["pattern"]))),
    ("string_too_short", lambda given: f"at least {_counted(given['min_length'], 'character')} long"),
    ("string_too_long", lambda given: f"at most {_counted(given['max_length'], 'character')} long"),
    ("string", lambda _: "text"),
    ("too_short", lambda given: f"a list of at least {_counted(given['min_length'], 'entry')}"),
    ("too_long", lambda given: f"a list of at most {_counted(given['max_length'], 'entry')}"),
    (
        "greater_than_equal",
        lambda given: _bound(given["ge"], "later", "more"),
    ),
    (
        "less_than_equal",
        lambda given: _bound(given["le"], "earlier", "less"),
    ),
    ("greater_than", lambda given: f"more than {given['gt']}"),
    ("less_than", lambda given: f"less than {given['lt']}"),
    ("datetime", lambda _: MOMENT),
    ("timezone", lambda _: MOMENT),
    ("date", lambda _: DAY),
    ("time", lambda _: TIME),
    ("int", lambda _: "a whole number"),
    ("float", lambda _: "a number"),
    ("decimal", lambda _: "a number"),
    ("finite_number", lambda _: "a number"),
    ("bool", lambda _: "true or false"),
    ("uuid", lambda _: "an identifier such as 018f6d3c-5a1e-7c4b-9d2e-3f4a5b6c7d8e"),
    ("url", lambda _: "a web address"),
    ("list", lambda _: "a list"),
    ("dict", lambda _: "an object"),
    ("model", lambda _: "an object"),
)


def contradiction(rule: str, message: str, *fields: str) -> NoReturn:
    """Refuse, in a model's validator, what its fields say together: each of them is named, and the rule."""
    raise PydanticCustomError(rule, message, {"fields": fields})


def violations_of(errors: Iterable[Mapping[str, Any]], sent: Any = None) -> Iterator[Violation]:
    """Pydantic's errors as violations; `sent` is what was validated, by which their places are found."""
    for error in errors:
        place, said = _place(error, sent), error.get("ctx", {})
        for field in said.get("fields", [None]):
            where = ".".join(place if field is None else [*place, field])
            yield Violation(where or ".".join(error["loc"][:1]), error["type"], _message(error, place, said))


def unknown(parameter: str) -> Violation:
    """The violation of a query that has a parameter which the operation does not know."""
    return Violation(parameter, "extra_forbidden", f"{parameter} is not a parameter of this request.")


def _place(error: Mapping[str, Any], sent: Any) -> list[str]:
    """Where an error is in what was sent, without the names of alternatives that Pydantic tried."""
    first, *rest = [*error["loc"]] or [""]
    if first not in WHERE:
        rest = [*error["loc"]]
    if first == "query":
        # A parameter that is repeated is sent under one name.
        rest = rest[:1]
    if first != "body" or not isinstance(sent, dict | list):
        return [str(part) for part in rest]
    found = []
    node: Any = sent
    for number, part in enumerate(rest, 1):
        inside = isinstance(node, list) if isinstance(part, int) else isinstance(node, dict)
        is_there = inside and (part in node if isinstance(node, dict) else int(part) < len(node))
        if is_there or (inside and number == len(rest) and error["type"] == "missing"):
            found.append(str(part))
            node = node[part] if is_there else None
    return found


def _message(error: Mapping[str, Any], place: list[str], said: Mapping[str, Any]) -> str:
    kind: str = error["type"]
    field = next((part for part in reversed(place) if not part.isdigit()), "")
    name = field if error["loc"][:1] == ("header",) else field_label(field) if field else "The request"
    if kind == "missing":
        return f"{name} is missing."
    if kind == "extra_forbidden":
        return unknown(field).message if error["loc"][:1] == ("query",) else f"{field} is not a field of this request."
    if "fields" in said:
        return str(error["msg"])
    if kind == "value_error" and "error" in said:
        return str(said["error"])
    if kind == "value_error":
        return f"{name} must be an email address such as name@example.org."
    if kind == "string_too_short" and said["min_length"] == 1:
        return f"{name} must not be empty."
    for beginning, words in MUST_BE:
        if kind.startswith(beginning):
            return f"{name} must be {words(said)}."
    return f"{name} is not of the right form."


def _fitting(pattern: str) -> str:
    if choice := CHOICE.fullmatch(pattern):
        names = f"one of {', '.join(choice[2].split('|'))}"
        return f"{names}, or one of them after a hyphen" if choice[1] else names
    if reference := REFERENCE.fullmatch(pattern):
        return f"a reference such as {reference[1]}-2019-0042"
    forms = [words for beginning, words in FORMS.items() if pattern.startswith(beginning)]
    return forms[0] if forms else "of the form that the document shows"


def _or(expected: str) -> str:
    """Pydantic's list of words without its quotes: `'a', 'b' or 'c'`."""
    return expected.replace("'", "").replace(" or ", ", ")


def _counted(count: int, what: str) -> str:
    many = what.removesuffix("y") + "ies" if what.endswith("y") else f"{what}s"
    return f"{count} {what if count == 1 else many}"


def _bound(bound: Any, of_day: str, of_number: str) -> str:
    # Pydantic tells a bound that it does not know itself as Python would write it.
    if day := DATE.fullmatch(str(bound)):
        return f"{date(*map(int, day.groups()))} or {of_day}"
    return f"{bound} or {of_number}"
