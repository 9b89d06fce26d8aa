"""What emails say: each has a folder in `templates` with its subject, HTML and plain text.

Emails sent on a schedule are composed in this room: quarterly and weekly ones, and reminders.

Styles are written into the HTML, since mail programs drop style sheets; there are no images and nothing is fetched.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from chassis.base.council import Council
from chassis.base.fields import day_in_words, weekday_in_words
from chassis.web.templating import environment

# Stands where a link will be: the link's secret is not kept in the message's words.
ANSWER_LINK = "%ANSWER_LINK%"
_FOLDER = Path(__file__).parent / "templates"
# An answer link as the log and previews show it.
HIDDEN = "(the link was sent to the recipient alone)"


@dataclass(frozen=True)
class Words:
    """A message's words."""

    subject: str
    html: str
    text: str


@cache
def _environment(*, escapes: bool) -> Environment:
    templates = environment(_FOLDER, escapes=escapes)
    templates.keep_trailing_newline = True
    templates.filters |= {
        "day": day_in_words,
        "weekday": weekday_in_words,
        "days": days,
        "days_left": days_left,
        "number": number,
        "times": times,
    }
    return templates


def days(count: int) -> str:
    """A number of days, such as `1 day`."""
    return f"{count} day" if count == 1 else f"{count} days"


def days_left(count: int) -> str:
    """How far off something is, such as `2 days left`, or `1 day overdue` if the number is negative."""
    return f"{days(-count)} overdue" if count < 0 else f"{days(count)} left"


def number(value: int) -> str:
    """A number such as 1,620."""
    return f"{value:,}"


def times(count: int) -> str:
    """How often, such as `once`, `twice` or `1,620 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def render(template: str, context: dict[str, Any], council: Council) -> Words:
    """The words of an email, which begin with whose it is; an answer link in them is a placeholder."""
    context = context | {"council": council}
    html = _environment(escapes=True).get_template(f"{template}/body.html").render(context)
    plain = _environment(escapes=False)
    subject = " ".join(plain.get_template(f"{template}/subject.txt").render(context).split())
    subject = ": ".join(filter(None, (council.name, subject)))
    return Words(subject, html, plain.get_template(f"{template}/body.txt").render(context))


def filled(words: str, answer_url: str | None) -> str:
    """The words with the link in its place."""
    return words.replace(ANSWER_LINK, answer_url) if answer_url else words
