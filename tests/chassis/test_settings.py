"""Production refuses to start with what only development may use, and says what it is."""

import base64
import json
from typing import Any

import pytest

from chassis.settings import DevelopmentSettingsInProduction, Settings

DEVELOPMENT_SECRET = "whsec_" + base64.b64encode(b"development" + bytes(21)).decode()
PRODUCTION_SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
PRODUCTION_KEY = json.dumps({"kty": "OKP", "kid": "gateway-1"})


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
        ({"database_url": "postgresql://escalations:development@db/escalations"}, "database password"),
        ({"database_url": "postgresql://postgres:postgres@db/x"}, "database password has fewer than 32"),
        ({"migration_database_url": "postgresql://owner:word@db/x"}, "database password has fewer than 32"),
    ],
)
def test_production_refuses_developments_settings(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(DevelopmentSettingsInProduction, match=named):
        production(**changes).check_production()
    production(**(changes | {"environment": "development"})).check_production()


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    shown = repr(production(webhook_publishers={"escalations": [PRODUCTION_SECRET]}))
    assert PRODUCTION_SECRET not in shown
    assert PRODUCTION_KEY not in shown
