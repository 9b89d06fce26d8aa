"""Each pair of services has a webhook secret of its own: what a service knows lets it speak for itself alone."""

import json
from uuid import uuid4

import pytest

from chassis.base import clock
from chassis.events.event import SINGLE
from chassis.events.standard_webhooks import new_secret, sign
from deploy.keys import Keys
from deploy.services import SERVICES
from tests.support.running import Running
from tests.support.serving import Client

ADDRESSES = {name: f"http://{name}" for name in SERVICES}


def known_secrets(environment: dict[str, str]) -> dict[tuple[str, str], str]:
    """Every webhook secret in a service's environment, by what it is for there."""
    subscribers = json.loads(environment["WEBHOOK_SUBSCRIBERS"])
    publishers = json.loads(environment["WEBHOOK_PUBLISHERS"])
    return {("to", subscriber["name"]): secret for subscriber in subscribers for secret in subscriber["secrets"]} | {
        ("from", name): secret for name, secrets in publishers.items() for secret in secrets
    }


async def publish(to: Client, secret: str, source: str) -> int:
    """Tell an event that nobody listens to, said to come from this source; what was answered."""
    body = json.dumps({"specversion": "1.0", "id": str(uuid4()), "source": source, "type": "nothing", "data": {}})
    headers = sign([secret], str(uuid4()), clock.machine_now(), body) | {"Content-Type": SINGLE}
    return (await to.post("/webhooks/events", content=body, headers=headers)).status_code


@pytest.mark.parametrize("subscriber", SERVICES)
async def test_a_service_takes_no_secret_but_the_one_that_its_publisher_signs_with_for_it(
    subscriber: str, running: Running
) -> None:
    made = Keys.fresh()
    environments = {name: made.environment(name, ADDRESSES) for name in SERVICES}
    client = await running(subscriber, webhook_publishers=json.loads(environments[subscriber]["WEBHOOK_PUBLISHERS"]))
    others = [name for name in SERVICES if name != subscriber]
    answers = {
        (thief, purpose, source): await publish(client, secret, source)
        for thief in others
        for purpose, secret in known_secrets(environments[thief]).items()
        for source in others
    }
    own = {(name, ("to", subscriber)) for name in others}
    expected = {
        (thief, purpose, source): (204 if source == thief else 403) if (thief, purpose) in own else 401
        for thief, purpose, source in answers
    }
    assert answers == expected


async def test_both_secrets_of_a_pair_are_taken_while_it_is_rotated(running: Running) -> None:
    old, new = new_secret(), new_secret()
    before = await running("reviews", webhook_publishers={"conferences": [old]})
    during = await running("reviews", webhook_publishers={"conferences": [old, new]})
    after = await running("reviews", webhook_publishers={"conferences": [new]})
    answers = [
        [await publish(client, secret, "conferences") for secret in (old, new)] for client in (before, during, after)
    ]
    assert answers == [[204, 401], [204, 204], [401, 204]]
