"""Production refuses to start with what only development may use, and says what it is."""

import base64
import json
from typing import Any

import pytest

from chassis.base.settings import DevelopmentSettingsInProduction, Settings
from tests.support.keys import PRODUCTION_KEY

DEVELOPMENT_SECRET = "whsec_" + base64.b64encode(b"development" + bytes(21)).decode()
PRODUCTION_SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SHORT_SECRET = "whsec_" + base64.b64encode(bytes(range(23))).decode()
WORD = "invented-" * 4
TO_NOTIFICATIONS = {"name": "notifications", "url": "http://n", "secrets": [PRODUCTION_SECRET]}
TO_REVIEWS = {"name": "reviews", "url": "http://r", "secrets": [PRODUCTION_SECRET]}
TWICE = "The same secret is used more than once in"


def production(**changes: Any) -> Settings:
    """Settings that production accepts, but for the changes."""
    return Settings(
        **(
            {
                "environment": "production",
                "public_url": "https://chairs.example",
                "internal_signing_key": PRODUCTION_KEY,
            }
            | changes
        )
    )


def test_production_starts_with_secrets_of_its_own() -> None:
    production(webhook_publishers={"escalations": [PRODUCTION_SECRET]}).check_production()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"public_url": "http://chairs.example"}, "PUBLIC_URL"),
        ({"public_url": "http://localhost:8000"}, "PUBLIC_URL"),
        ({"clock_offset_seconds": 1}, "CLOCK_OFFSET_SECONDS"),
        ({"internal_signing_key": json.dumps({"kid": "development-gateway"})}, "INTERNAL_SIGNING_KEY"),
        ({"internal_signing_key": ""}, "INTERNAL_SIGNING_KEY"),
        ({"internal_trusted_keys": {"gateway": [{"kid": "development-gateway"}]}}, "INTERNAL_TRUSTED_KEYS"),
        ({"webhook_publishers": {"escalations": [DEVELOPMENT_SECRET]}}, "webhook secret"),
        (
            {"webhook_subscribers": [{"name": "n", "url": "http://n", "secrets": [DEVELOPMENT_SECRET]}]},
            "webhook secret",
        ),
        (
            {"database_url": "postgresql://escalations:development@db/escalations"},
            "^DATABASE_URL has a secret of fewer",
        ),
        ({"database_url": "postgresql://postgres:postgres@db/x"}, "^DATABASE_URL has a secret of fewer than 32"),
        ({"migration_database_url": "postgresql://owner:word@db/x"}, "MIGRATION_DATABASE_URL has a secret of fewer"),
        ({"webhook_publishers": {"reviews": [SHORT_SECRET]}}, "WEBHOOK_PUBLISHERS has a secret of fewer than 32"),
        ({"webhook_publishers": {"reviews": [""]}}, "WEBHOOK_PUBLISHERS has a secret of fewer than 32"),
        # Of these characters none belongs to base64: the key would be empty.
        ({"webhook_publishers": {"reviews": ["whsec_" + "!" * 40]}}, "WEBHOOK_PUBLISHERS has a secret of fewer"),
        (
            {"webhook_subscribers": [TO_REVIEWS | {"secrets": ["whsec_x"]}]},
            "WEBHOOK_SUBSCRIBERS has a secret of fewer than 32",
        ),
        ({"webhook_subscribers": [TO_REVIEWS, TO_NOTIFICATIONS]}, f"{TWICE} WEBHOOK_SUBSCRIBERS."),
        (
            {"webhook_subscribers": [TO_REVIEWS], "webhook_publishers": {"reviews": [PRODUCTION_SECRET]}},
            f"{TWICE} WEBHOOK_PUBLISHERS and WEBHOOK_SUBSCRIBERS.",
        ),
        (
            {"webhook_publishers": {"reviews": [PRODUCTION_SECRET], "conferences": [PRODUCTION_SECRET[6:]]}},
            f"{TWICE} WEBHOOK_PUBLISHERS.",
        ),
        (
            {"database_url": f"postgresql://a:{WORD}@db/x", "migration_database_url": f"postgresql://b:{WORD}@db/x"},
            f"{TWICE} DATABASE_URL and MIGRATION_DATABASE_URL.",
        ),
        (
            {"database_url": f"postgresql://a:{WORD}@db/x", "internal_signing_key": json.dumps({"d": WORD})},
            f"{TWICE} DATABASE_URL and INTERNAL_SIGNING_KEY.",
        ),
        (
            {"internal_trusted_keys": {"gateway": [{"x": "one"}], "reviews": [{"x": "other"}, {"x": "one"}]}},
            "INTERNAL_TRUSTED_KEYS holds the same key twice.",
        ),
    ],
)
def test_production_refuses_developments_settings(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(DevelopmentSettingsInProduction, match=named) as refused:
        production(**changes).check_production()
    assert WORD not in str(refused.value)
    assert PRODUCTION_SECRET not in str(refused.value)
    production(**(changes | {"environment": "development"})).check_production()


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    shown = repr(production(webhook_publishers={"escalations": [PRODUCTION_SECRET]}))
    assert PRODUCTION_SECRET not in shown
    assert PRODUCTION_KEY not in shown
