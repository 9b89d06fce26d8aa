"""Children who fit what is searched for, those who fit best first."""

from sqlalchemy import ARRAY, Date, Integer, Text, bindparam, func, select
from sqlmodel import col

from chassis.access.visibility import concerned, visible
from chassis.children.search import FoundChildOut
from chassis.web.pagination import JsonRows
from services.children.children.models import Child
from services.children.children.queries import RELATED

# More than are shown, since some may be hidden from the caller.
CONSIDERED = 200
_ASKED = (
    bindparam("words", type_=ARRAY(Text)),
    bindparam("born_on", type_=Date),
    bindparam("number", type_=Text),
    CONSIDERED,
)
_FOUND = func.find_children(*_ASKED).table_valued("found_id", "score").render_derived()
FOUND = JsonRows(
    select(*(RELATED.get(name, getattr(Child, name)) for name in FoundChildOut.model_fields), concerned(Child))
    .join(_FOUND, _FOUND.c.found_id == col(Child.person_id))
    .where(visible(Child))
    .order_by(_FOUND.c.score.desc(), col(Child.person_id))
    .limit(bindparam("most", type_=Integer)),
    hidden=["person_ids"],
)
