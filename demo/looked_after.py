"""The invented looked-after children of April 2018 to March 2020 and their reviews, as rows of imports."""

from demo.tables import Row, read, read_by


def care() -> list[Row]:
    """The care of every looked-after child, in one row for each episode of each period of care."""
    known = read_by("looked_after/children", "person_id")
    periods = {(row["person_id"], row["period_starts_on"]): row for row in read("looked_after/periods")}
    return [
        known[row["person_id"]] | periods[row["person_id"], row["period_starts_on"]] | row
        for row in read("looked_after/episodes")
    ]


def children() -> list[Row]:
    """The same rows, each with who the child is."""
    known = read_by("children", "person_id")
    return [known[row["person_id"]] | row for row in care()]


def reviews() -> list[Row]:
    """Every child's part in every review, the children of a meeting one after another."""
    meetings = read_by("looked_after/meetings", "meeting")
    return [meetings[row["meeting"]] | row for row in read("looked_after/child_reviews")]
