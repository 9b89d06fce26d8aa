"""From what rules refuse to the answer of a request: every field at fault at once."""

from collections.abc import Iterable

from chassis.base.problems import FieldError, Invalid
from chassis.law.violations import Violation


def refuse(refusals: Iterable[Violation | None], at: str = "") -> None:
    """Refuse a request that breaks rules: `Invalid` with each field at fault; `at` is where the fields stand."""
    errors = [FieldError(field=at + one.field, rule=one.rule, message=one.message) for one in refusals if one]
    if errors:
        raise Invalid.of(errors)
