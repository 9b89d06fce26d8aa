"""The published figures that the invented looked-after children bear out."""

from demo.published import by_month


def reviews_by_month() -> dict[str, int]:
    """The review meetings of each month."""
    return by_month("lac_reviews_by_month.csv", "reviews")


def children_by_month() -> dict[str, int]:
    """The children's reviews of each month: several in a meeting of siblings."""
    return by_month("lac_reviews_by_month.csv", "children")


def short_break_meetings_by_month() -> dict[str, int]:
    """The review meetings of children in short breaks."""
    return by_month("short_term_break_meetings_by_month.csv", "meetings")


def directors_decisions_by_month() -> dict[str, int]:
    """The director's decisions about young people who leave care."""
    return by_month("leaving_care_directors_decisions_by_month.csv", "decisions")
