"""Children from elsewhere, as a CSV file."""

from chassis.importing.api import csv_import
from chassis.web.routes import Routes
from services.children.imports.children import import_children
from services.children.imports.rows import ChildRow
from services.children.roles import IMPORTERS

routes = Routes(prefix="/v1", tags=["administration"])

CHILD = {
    "person_id": "P100001", "given_name": "Merrin", "family_name": "Invented", "born_on": "2010-05-14", "sex": "F",
    "ethnicity": "WBRI", "disabilities": "LD;VIS", "family_id": "F2001", "siblings": "P100002;P100003",
    "area_id": "north", "team": "Children's Team 1", "social_worker": "Wren Ravensby", "manager_id": "swm-1",
    "restricted": "false",
}  # fmt: skip

csv_import(routes, "/children", ChildRow, import_children, example=CHILD, roles=IMPORTERS)
