"""Who may chair a child's reviews, and how many children a chair can do justice to."""

import pytest

from services.reviews.rules.chairs import Load, Standing, caseload, chair_violation, panel_chair_violation

CHILD = Standing("manager", "social-worker", mother_chair_id=None, baby_chair_ids=frozenset())
BABY = Standing("manager", "social-worker", mother_chair_id="mothers-chair", baby_chair_ids=frozenset())
MOTHER = Standing("manager", "social-worker", mother_chair_id=None, baby_chair_ids=frozenset({"one", "twin"}))
NOBODY = Standing(None, None, mother_chair_id=None, baby_chair_ids=frozenset())


@pytest.mark.parametrize(
    ("chair", "standing", "rule"),
    [
        ("somebody", CHILD, None),
        # Whoever manages the case, or works on it.
        ("manager", CHILD, "independent"),
        ("social-worker", CHILD, "independent"),
        # A looked-after mother and her baby: neither way round.
        ("mothers-chair", BABY, "mother_and_child_apart"),
        ("somebody", BABY, None),
        ("one", MOTHER, "mother_and_child_apart"),
        ("twin", MOTHER, "mother_and_child_apart"),
        ("mothers-chair", MOTHER, None),
        # Nobody is known who could stand in the way.
        ("somebody", NOBODY, None),
    ],
)
def test_who_may_be_a_childs_chair(chair: str, standing: Standing, rule: str | None) -> None:
    refusal = chair_violation(chair, standing)
    assert (refusal and (refusal.field, refusal.rule)) == (rule and ("chair_id", rule))


@pytest.mark.parametrize(
    ("chair", "own", "rule"),
    [
        ("somebody", frozenset({"own"}), None),
        ("own", frozenset({"own"}), "not_the_childs_own_chair"),
        # A child who has none yet.
        ("somebody", frozenset(), None),
    ],
)
def test_who_may_chair_a_secure_panel(chair: str, own: frozenset[str], rule: str | None) -> None:
    refusal = panel_chair_violation(chair, own)
    assert (refusal and refusal.rule) == rule


@pytest.mark.parametrize(
    ("children", "posts", "load", "word"),
    [
        # Around both ends of the guidance.
        (49, 1.0, 49.0, Load.BELOW),
        (50, 1.0, 50.0, Load.WITHIN),
        (70, 1.0, 70.0, Load.WITHIN),
        (71, 1.0, 71.0, Load.ABOVE),
        # Half a post has half as many.
        (25, 0.5, 50.0, Load.WITHIN),
        (36, 0.5, 72.0, Load.ABOVE),
        # Nobody yet.
        (0, 0.6, 0.0, Load.BELOW),
    ],
)
def test_a_caseload_against_the_guidance(children: int, posts: float, load: float, word: Load) -> None:
    assert caseload(children, posts) == (load, word)
