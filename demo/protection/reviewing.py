"""The children's parts in a review conference."""

from collections.abc import Sequence

from demo.protection.model import FIRST_REVIEW, LATER_REVIEW, Child, Part


def review_parts(children: Sequence[Child]) -> list[Part]:
    """The parts of children who are on a plan: what the conference is for each, and when it was due."""
    return [_part(child) for child in children]


def _part(child: Child) -> Part:
    plan = child.plan()
    assert plan
    kind = LATER_REVIEW if plan.reviewed_on else FIRST_REVIEW
    return Part(child, kind, plan.due_on(), plan.reviewed_on[-1] if plan.reviewed_on else plan.starts_on)
