"""Letters to the demo's children can be printed: nearly all have an address, which is nowhere."""

import re
from collections import defaultdict

from chassis.base.cells import list_in
from demo.tables import read, read_by

CHILDREN = read_by("children", "person_id")


def test_nearly_all_children_have_an_address_and_a_few_have_none() -> None:
    without = [row for row in CHILDREN.values() if not row["address"]]
    assert 0 < len(without) < len(CHILDREN) / 20
    # Nobody is to learn where they are.
    assert all(row in without for row in CHILDREN.values() if row["restricted"] == "true")


def test_letters_about_the_reviews_to_come_show_both() -> None:
    invited = [child for row in read("looked_after/planned_reviews") for child in list_in(row["person_ids"])]
    without = [person_id for person_id in invited if not CHILDREN[person_id]["address"]]
    assert 0 < len(without) < len(invited) / 5


def test_no_address_can_be_a_real_one() -> None:
    # No postcode area of the United Kingdom is called ZZ.
    wanted = re.compile(r"\d+ [A-Z][a-z]+ [A-Z][a-z]+, (Eldermarsh|Quillford), ZZ\d \d[A-Z]{2}")
    assert [
        row["address"] for row in CHILDREN.values() if row["address"] and not wanted.fullmatch(row["address"])
    ] == []


def test_children_of_a_family_in_one_area_live_together() -> None:
    homes = defaultdict[tuple[str, str], set[str]](set)
    for row in CHILDREN.values():
        if row["family_id"] and row["address"]:
            homes[row["family_id"], row["area_id"]].add(row["address"])
    assert [family for family, places in homes.items() if len(places) > 1] == []
