"""Signatures that others can check, and words that identify somebody."""

from datetime import date, timedelta

import pytest
from standardwebhooks import Webhook

from chassis.base.clock import machine_now
from chassis.base.problems import NotSignedIn
from chassis.events.standard_webhooks import new_secret, publisher_of, sign
from chassis.law.privacy import Identifies, identifying

TODAY = date(2020, 4, 6)
NHS, BIRTH, NAME = Identifies.NHS_NUMBER, Identifies.DATE_OF_BIRTH, Identifies.NAME


def test_either_of_two_secrets_is_enough() -> None:
    old, new = new_secret(), new_secret()
    headers = sign([new, old], "id-1", machine_now(), "[1]")
    for secret in (old, new):
        assert publisher_of({"shop": [secret]}, headers, b"[1]") == "shop"
    assert publisher_of({"other": [new_secret()], "shop": [old]}, headers, b"[1]") == "shop"


def test_a_changed_body_is_refused() -> None:
    secret = new_secret()
    headers = sign([secret], "id-1", machine_now(), "[1]")
    with pytest.raises(NotSignedIn):
        publisher_of({"shop": [secret]}, headers, b"[2]")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", "another"),  # The identifier is signed.
        ("webhook-timestamp", "0"),  # Long ago.
        ("webhook-timestamp", "soon"),  # No time at all.
        ("webhook-signature", "v1,AAAA"),  # Somebody's guess.
        ("webhook-signature", "nonsense"),  # Nothing that could be one.
        ("webhook-signature", "v1,\u00e4"),  # The library stumbles over this one.
        ("webhook-signature", ""),  # None.
    ],
)
def test_whatever_is_wrong_nobody_is_recognised(name: str, value: str) -> None:
    secret = new_secret()
    headers = sign([secret], "id-1", machine_now(), "{}") | {name: value}
    with pytest.raises(NotSignedIn):
        publisher_of({"shop": [secret]}, headers, b"{}")


def test_an_old_signature_is_none() -> None:
    secret = new_secret()
    headers = sign([secret], "id-1", machine_now() - timedelta(minutes=6), "{}")
    with pytest.raises(NotSignedIn):
        publisher_of({"shop": [secret]}, headers, b"{}")
    assert Webhook(secret)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We have spoken with the member of staff.", []),
        ("A report was sent on 12/03/2020.", []),  # A recent day is nobody's birth.
        ("Report Writing Policy was changed in March 2020.", []),  # Capitals, and no name.
        ("The number is 943 476 5919.", [NHS]),  # A valid check digit.
        ("The number is 943 476 5918.", []),  # Not a valid one.
        ("9434765919", [NHS]),
        ("Ring 01522 552222.", []),  # Eleven digits.
        ("Born on 03/05/2012.", [BIRTH]),
        ("The child, 2012-05-03, was there.", [BIRTH]),
        ("DOB 3.5.12", [BIRTH]),
        ("Spoke with Jane Example.", [NAME]),
        ("Spoke with Mrs Example.", [NAME]),
        ("dr. who", []),
        ("Jane Example, born 3/5/2012, 943-476-5919", [NHS, BIRTH, NAME]),
    ],
)
def test_what_identifies_somebody_is_found(text: str, found: list[Identifies]) -> None:
    assert identifying(text, TODAY) == found
