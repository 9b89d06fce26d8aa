"""The cookie that stands for a link: signed, for one path, for two hours, and for nobody else's pages."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import jwt
import pytest
from fastapi import Request

from chassis.base.clock import machine_now
from chassis.base.settings import Settings
from chassis.web.pages import COOKIE_LIVES, LinkPages, new_token, token_hash
from tests.support import keys

SETTINGS = Settings(internal_signing_key=keys.private_jwk("escalations"))
OTHERS = Settings(internal_signing_key=keys.private_jwk("reviews"))
ANSWER, CONTRIBUTION = LinkPages("/answer", Path()), LinkPages("/contribution", Path())


def carrying(cookie: str, name: str = "answer") -> Request:
    """A browser's request with a cookie."""
    return Request({"type": "http", "headers": [(b"cookie", f"{name}={cookie}".encode())]})


def given(pages: LinkPages, settings: Settings = SETTINGS) -> tuple[UUID, str]:
    """The link and the cookie that a browser is given for it."""
    link = uuid4()
    cookie = pages.entered(settings, link).headers["set-cookie"].partition(";")[0].partition("=")[2]
    return link, cookie


def test_a_cookie_is_read_by_whoever_gave_it() -> None:
    link, cookie = given(ANSWER)
    assert ANSWER.has_cookie(SETTINGS, carrying(cookie), link)
    assert not ANSWER.has_cookie(SETTINGS, carrying(cookie), uuid4())
    assert not ANSWER.has_cookie(SETTINGS, Request({"type": "http", "headers": []}), link)


def test_a_cookie_is_worth_nothing_elsewhere() -> None:
    link, cookie = given(ANSWER)
    assert not ANSWER.has_cookie(OTHERS, carrying(cookie), link)
    assert not CONTRIBUTION.has_cookie(SETTINGS, carrying(cookie, "contribution"), link)
    assert SETTINGS.cookie_key("answer") != SETTINGS.cookie_key("contribution")


@pytest.mark.parametrize("left_out", ["aud", "exp", "sub"])
def test_a_cookie_says_whose_it_is_where_and_until_when(left_out: str) -> None:
    link = uuid4()
    claims = {"sub": str(link), "aud": "/answer", "exp": machine_now() + COOKIE_LIVES}
    whole, short = (
        jwt.encode(kept, SETTINGS.cookie_key("answer"), "HS256")
        for kept in (claims, {name: value for name, value in claims.items() if name != left_out})
    )
    assert ANSWER.has_cookie(SETTINGS, carrying(whole), link)
    assert not ANSWER.has_cookie(SETTINGS, carrying(short), link)


@pytest.mark.parametrize(
    "changes", [{"aud": "/contribution"}, {"exp": machine_now() - timedelta(minutes=1)}], ids=["path", "time"]
)
def test_a_cookie_is_for_one_path_and_for_two_hours(changes: dict[str, object]) -> None:
    link = uuid4()
    claims = {"sub": str(link), "aud": "/answer", "exp": machine_now() + COOKIE_LIVES} | changes
    cookie = jwt.encode(claims, SETTINGS.cookie_key("answer"), "HS256")
    assert not ANSWER.has_cookie(SETTINGS, carrying(cookie), link)


def test_a_seal_is_for_one_link_one_matter_and_one_service() -> None:
    link, cookie = given(ANSWER)
    seal = ANSWER.seal(SETTINGS, link, "2019-Q1")
    assert ANSWER.is_sealed(SETTINGS, seal, link, "2019-Q1")
    assert not ANSWER.is_sealed(SETTINGS, seal, link, "2019-Q2")
    assert not ANSWER.is_sealed(SETTINGS, seal, uuid4(), "2019-Q1")
    assert not ANSWER.is_sealed(OTHERS, seal, link, "2019-Q1")
    assert not CONTRIBUTION.is_sealed(SETTINGS, seal, link, "2019-Q1")
    assert not ANSWER.is_sealed(SETTINGS, cookie, link, "2019-Q1"), "a cookie is no seal"
    assert not ANSWER.has_cookie(SETTINGS, carrying(seal), link), "a seal is no cookie"


def test_tokens_are_never_the_same_and_their_hashes_do_not_tell_them() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len({token_hash(token) for token in tokens}) == 1000
    assert all(len(token) >= 43 and token.encode() not in token_hash(token) for token in tokens)
