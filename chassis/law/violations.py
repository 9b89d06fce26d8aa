"""What a rule answers when something cannot be so: the field at fault, the rule and the reason."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One thing that a rule refuses: where it is, the rule as a stable word, and the reason for people."""

    field: str
    rule: str
    message: str
