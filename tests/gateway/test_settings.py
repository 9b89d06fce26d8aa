"""The gateway starts in production only with settings by which nobody is let in who should not be."""

from typing import Any

import pytest
from pydantic import ValidationError

from chassis.base.settings import DevelopmentSettingsInProduction
from gateway.settings import GatewaySettings
from tests.support.keys import PRODUCTION_KEY
from tests.support.settings import OF_THE_COUNCIL

ISSUER = {"issuer": "https://sign-in.example", "audiences": ["x"]}
HALVES = ["0.0.0.0/1", "128.0.0.0/1"]


def production(**changes: Any) -> GatewaySettings:
    """Settings that production accepts, but for the changes."""
    good = {
        "environment": "production",
        "public_url": "https://chairs.example",
        "internal_signing_key": PRODUCTION_KEY,
        "issuers": [ISSUER],
        "trusted_proxies": ["10.0.0.5/32"],
    }
    return GatewaySettings.model_validate(good | OF_THE_COUNCIL | changes)


def test_sound_settings_are_accepted() -> None:
    production().check_production()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"public_url": "http://chairs.example"}, "PUBLIC_URL is not set, or is not https."),
        ({"issuers": []}, "ISSUERS is not set"),
        ({"council_name": ""}, "COUNCIL_NAME is not set"),
        ({"issuers": [ISSUER | {"issuer": "http://sign-in.example"}]}, "ISSUERS names a sign-in service without https"),
        (
            {"issuers": [ISSUER | {"discovery_url": "http://sign-in.example/d"}]},
            "ISSUERS names a discovery document without https",
        ),
        *(
            ({"allowed_origins": ["https://front-end.example", origin]}, "ALLOWED_ORIGINS names a front end without")
            for origin in ("http://front-end.example", "*")
        ),
        ({"trusted_proxies": []}, "TRUSTED_PROXIES is not set"),
        *(
            ({name.lower(): networks}, f"{name} means everybody")
            for name in ("TRUSTED_PROXIES", "OPERATIONS_NETWORKS")
            for networks in (["0.0.0.0/0"], ["::/0"], HALVES, ["8.0.0.0/6"], ["2000::/3"])
        ),
    ],
)
def test_production_refuses_what_lets_somebody_in(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DevelopmentSettingsInProduction, match=said) as refused:
        production(**changes).check_production()
    assert "example" not in str(refused.value)


@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize("named", [{"machines": {"robot": ["service"]}}, {"roles": {"Robots": ["chair", "service"]}}])
def test_no_sign_in_makes_anybody_one_of_our_services(environment: str, named: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="The role service is for our own services alone"):
        production(environment=environment, issuers=[ISSUER | named]).check_production()
