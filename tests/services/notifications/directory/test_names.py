"""Other services ask for names of the directory, and how to reach a colleague who is there."""

from datetime import timedelta

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.notifications.directory import AGENCY, COLLEAGUE, EMAIL, NAME, put
from tests.support.running import Running

PATH = "/internal/directory-names?colleague_id=robin&colleague_id=nobody&agency_id=surgeries&area_id=west"
TELEPHONE = "01632 960001"


async def test_whoever_left_has_a_name_still_and_cannot_be_reached(running: Running) -> None:
    client = await running("notifications")
    await put(client, "agencies/surgeries", AGENCY)
    await put(client, "areas/west", {"name": "West"})
    there = COLLEAGUE | {"telephone": TELEPHONE, "ends_on": clock.today().isoformat()}
    assert (await put(client, "colleagues/robin", there)).status_code == 201
    answer = await client.get(PATH, headers=client.as_service("conferences"))
    agency = {"kind": "agency", "id": "surgeries", "name": "Surgeries", "telephone": None, "email": None}
    area = {"kind": "area", "id": "west", "name": "West", "telephone": None, "email": None}
    robin = {"kind": "colleague", "id": "robin", "name": NAME, "telephone": TELEPHONE, "email": EMAIL}
    assert answer.json() == [robin, agency, area]
    with clock.shifted(timedelta(days=1)):
        answer = await client.get(PATH, headers=client.as_service("conferences"))
        assert answer.json() == [robin | {"telephone": None, "email": None}, agency, area]
    assert (await client.get(PATH, headers=client.as_(Role.CHAIR))).status_code == 403
