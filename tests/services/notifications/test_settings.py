"""Production sends by GOV.UK Notify and links to the front end over https alone, with secrets that nobody guesses."""

from typing import Any

import pytest

from chassis.base.settings import DevelopmentSettingsInProduction
from services.notifications.settings import NotificationsSettings
from tests.support.keys import PRODUCTION_KEY
from tests.support.settings import OF_THE_COUNCIL


def production(**changes: Any) -> NotificationsSettings:
    """Settings that production accepts, but for the changes."""
    good = {
        "environment": "production",
        "public_url": "https://chairs.example",
        "front_end_url": "https://front-end.example",
        "internal_signing_key": PRODUCTION_KEY,
        "mail_sender": "notify",
        "notify_key": "k" * 73,
        "notify_template_id": "t" * 36,
        "notify_callback_token": "x" * 32,
    }
    return NotificationsSettings.model_validate(good | OF_THE_COUNCIL | changes)


def test_sound_settings_are_accepted() -> None:
    production().check_production()
    production(notify_callback_token="").check_production()
    # Its length is the mail server's business.
    production(smtp_password="invented").check_production()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"notify_url": "http://notify.example"}, "NOTIFY_URL"),
        ({"notify_callback_token": "x"}, "NOTIFY_CALLBACK_TOKEN"),
        ({"notify_callback_token": "x" * 31}, "NOTIFY_CALLBACK_TOKEN"),
        ({"council_name": ""}, "COUNCIL_NAME is not set"),
        ({"council_identity_line": ""}, "COUNCIL_IDENTITY_LINE is not set"),
        ({"council_questions_email": ""}, "COUNCIL_QUESTIONS_EMAIL is not set"),
        ({"council_telephone": ""}, "COUNCIL_TELEPHONE is not set"),
        ({"front_end_url": "http://front-end.example"}, "FRONT_END_URL is not https"),
        ({"allow_private_webhook_addresses": True}, "ALLOW_PRIVATE_WEBHOOK_ADDRESSES lets webhooks reach"),
        ({"smtp_password": "x" * 32}, "used more than once in NOTIFY_CALLBACK_TOKEN and SMTP_PASSWORD"),
        ({"database_url": f"postgresql://n:{'x' * 32}@db/n"}, "more than once in DATABASE_URL and NOTIFY_CALLBACK"),
    ],
)
def test_production_refuses_what_is_missing_or_what_others_could_read_or_guess(
    changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(DevelopmentSettingsInProduction, match=named) as refused:
        production(**changes).check_production()
    assert "example" not in str(refused.value)
    assert "xx" not in str(refused.value)
