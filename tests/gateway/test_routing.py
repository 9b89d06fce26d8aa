"""Requests reach the service that owns their path, with the caller's words and the gateway's proof alone."""

import httpx
import pytest

from gateway.routes import find
from tests.support.gateway.world import World, header_of, raw


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/reviews", "reviews"),
        ("/v1/children/P100001/chairs", "gateway"),
        ("/v1/chairs/caseloads", "reviews"),
        ("/v1/chairs/chair-1/hand-over", "notifications"),
        ("/v1/reviews/REV-2019-0001/escalations", "escalations"),
        ("/v1/conferences/CONF-2019-0001/escalations", "escalations"),
        ("/v1/conferences/CONF-2019-0001/invitations", "conferences"),
        ("/v1/reviews/REV-2019-0001/invitations", "reviews"),
        ("/v1/invitations", "gateway"),
        ("/v1/invitations/1/withdraw", "reviews"),
        ("/v1/invitations/1/contribution-links", "conferences"),
        ("/v1/invitations/missing-reports/by-agency", "conferences"),
        ("/v1/invitations/contribution-links/1/revoke", "conferences"),
        ("/v1/person-merges", "children"),
        ("/v1/reviews/children", "reviews"),
        ("/v1/decisions/1/respond", "reviews"),
        ("/v1/deadlines", "gateway"),
        ("/v1/leaving-care-decisions", "reviews"),
        ("/v1/contacts/1/void", "reviews"),
        ("/v1/children/P100001/care", "reviews"),
        ("/v1/children/P100001/contacts", "reviews"),
        ("/v1/children", "children"),
        ("/v1/children/P100001", "children"),
        ("/v1/children/P100001/protection", "conferences"),
        ("/v1/protection", "conferences"),
        ("/v1/feedback", "gateway"),
        ("/v1/feedback/7/void", "reviews"),
        ("/v1/deadlines/counts", "gateway"),
        ("/v1/children/7/timeline", "gateway"),
        ("/v1/children/7/voided", "gateway"),
        ("/v1/reviews/disruption-referrals/1", "reviews"),
        ("/v1/diary", "gateway"),
        ("/v1/diary-feeds", "reviews"),
        ("/v1/returns/ssda903/2019", "reviews"),
        ("/v1/deadlines/timescales/reviews", "reviews"),
        ("/v1/deadlines/timescales/conferences", "conferences"),
        ("/v1/figures/conferences/plans", "conferences"),
        ("/v1/returns/cin-census/2019-20/checks", "conferences"),
        ("/v1/returns/ssda903/2019-20/checks", "reviews"),
        ("/v1/deadlines/timescales/meetings", "gateway"),
        ("/v1/figures/reviews/timeliness", "reviews"),
        ("/v1/figures/reviewsx", "escalations"),
        ("/diary/secret.ics", "reviews"),
        ("/v1/escalations", "escalations"),
        ("/v1/escalations/1/answers", "escalations"),
        ("/v1/challenges", "escalations"),
        ("/v1/figures", "escalations"),
        ("/answer/secret", "escalations"),
        ("/contribution/secret", "conferences"),
        ("/conference-papers/secret", "conferences"),
        ("/review-papers/secret", "reviews"),
        ("/v1/messages", "notifications"),
        ("/v1/colleagues/7", "notifications"),
        ("/v1/webhook-endpoints", "notifications"),
        ("/v1/webhook-endpoints/deliveries", "notifications"),
        ("/v1/audit-entries", "gateway"),
        ("/v1/webhooks", "gateway"),
        ("/v1/services", "gateway"),
        ("/V1/escalations", "gateway"),
        ("/v1/escalationsx", "gateway"),
    ],
)
def test_a_path_has_one_owner(path: str, service: str) -> None:
    """What nobody owns is the gateway's own, which does not know it."""
    assert find(path).service == service


@pytest.mark.parametrize(
    "path",
    [
        "/v1/care/import",
        "/v1/reviews/import",
        "/v1/returns/ssda903/import",
        "/v1/escalations/import",
        "/v1/colleagues/import",
    ],
)
def test_imports_of_history_may_be_large(path: str) -> None:
    """And what stands beside them may not."""
    assert find(path).imports and find(path).signed_in
    assert not find("/v1/returns/ssda903").imports and not find("/v1/reviews/REV-2019-0001").imports


@pytest.mark.parametrize("path", ["/diary/secret.ics", "/answer/secret", "/contribution/secret", "/callbacks/notify"])
def test_some_paths_need_nobody_to_be_signed_in(path: str) -> None:
    assert not find(path).signed_in
    assert find("/v1/diary").signed_in and find("/v1/diary-feeds").signed_in


async def test_a_request_arrives_as_it_was_sent(gateway: httpx.AsyncClient, world: World) -> None:
    """Method, path, query, body and the answer's status and headers all pass."""
    answer = await gateway.post(
        "/v1/messages/caf%C3%A9?b=2&a=1%20&b=%2F",
        content="hello",
        headers=world.sign_in.as_("Chairs", subject="ada") | {"If-Match": '"2"', "Access-Reason": "review"},
    )
    echoed = answer.json()
    assert answer.status_code == 201
    assert (echoed["service"], echoed["method"], echoed["body"]) == ("notifications", "POST", "hello")
    assert echoed["target"] == "/v1/messages/caf%C3%A9?b=2&a=1%20&b=%2F"
    assert header_of(echoed, "if-match") == ['"2"']
    assert header_of(echoed, "access-reason") == ["review"]
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["location"] == "/v1/messages/7"
    assert answer.headers.get_list("set-cookie") == ["one=1", "two=2"]


async def test_the_service_is_told_who_asks_in_the_gateways_words(gateway: httpx.AsyncClient, world: World) -> None:
    """The service's own reader of internal tokens accepts the proof; the caller's token never arrives."""
    headers = world.sign_in.as_("Chairs", "Unknown group", subject="ada")
    echoed = (await gateway.get("/v1/escalations/1", headers=headers)).json()
    assert (echoed["subject"], echoed["roles"]) == ("ada", ["chair"])
    assert header_of(echoed, "authorization") != [headers["Authorization"]]


async def test_nobody_can_say_the_gateways_words(gateway: httpx.AsyncClient, world: World) -> None:
    """Headers that could deceive a service, or speak of one connection, end at the gateway."""
    forged = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=10.0.0.1",
        "X-Real-IP": "10.0.0.1",
        "X-User": "root",
        "X-Roles": "administrator",
        "X-Internal-Caller": "root",
        "X_Request_Id": "forged-request",
        "X-HTTP-Method-Override": "DELETE",
        "Cookie": "session=1",
        "TE": "trailers",
        "Connection": "close, X-Named",
        "X-Named": "1",
        "X-Fine": "1",
    }
    echoed = (await gateway.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs") | forged)).json()
    names = {name for name, _ in echoed["headers"]}
    assert header_of(echoed, "x-forwarded-for") == ["127.0.0.1"]
    assert header_of(echoed, "x-forwarded-host") == ["localhost:8000"]
    assert header_of(echoed, "x-fine") == ["1"]
    assert names.isdisjoint({"forwarded", "x-real-ip", "x-user", "x-roles", "x-internal-caller", "x_request_id"})
    assert names.isdisjoint({"x-http-method-override", "cookie", "te", "x-named"})


async def test_pages_need_no_sign_in_and_prove_nobody(gateway: httpx.AsyncClient, world: World) -> None:
    """A page behind a link gets its cookies, but no word on who asks, whatever the caller claims."""
    headers = world.sign_in.as_("Administrators") | {"Cookie": "draft=1"}
    echoed = (await gateway.get("/answer/some-secret", headers=headers)).json()
    assert (echoed["service"], echoed["subject"]) == ("escalations", None)
    assert header_of(echoed, "authorization") == []
    assert header_of(echoed, "cookie") == ["draft=1"]


async def test_what_calls_back_keeps_its_own_proof(gateway: httpx.AsyncClient) -> None:
    """A mail service is known to notifications by a token that only those two know."""
    echoed = (await gateway.post("/callbacks/notify", headers={"Authorization": "Bearer theirs"})).json()
    assert (echoed["service"], echoed["subject"]) == ("notifications", None)
    assert header_of(echoed, "authorization") == ["Bearer theirs"]


async def test_a_requests_id_goes_all_the_way(gateway: httpx.AsyncClient, world: World) -> None:
    """The caller's own id if it is sound, else a new one: the same for the service, and in the answer once."""
    headers = world.sign_in.as_("Chairs")
    given = await gateway.get("/v1/escalations/1", headers=headers | {"X-Request-Id": "ticket-12345"})
    made = await gateway.get("/v1/escalations/1", headers=headers | {"X-Request-Id": "bad id"})
    assert given.headers.get_list("x-request-id") == header_of(given.json(), "x-request-id") == ["ticket-12345"]
    assert made.headers.get_list("x-request-id") == header_of(made.json(), "x-request-id") != ["bad id"]
    refused = await gateway.get("/v1/escalations/1", headers={"X-Request-Id": "ticket-12345"})
    assert refused.headers.get_list("x-request-id") == ["ticket-12345"]


async def test_what_the_service_says_of_itself_stays_inside(gateway: httpx.AsyncClient, world: World) -> None:
    """Neither its software nor its own word on other origins gets out."""
    answer = await gateway.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs"))
    assert "small" not in answer.headers.get("server", "")
    assert "x-powered-by" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/v1/escalations/../messages",
        "/v1/escalations/..%2fmessages",
        "/v1/escalations/%2e%2e/hidden",
        "/v1/escalations/./1",
        "//v1/escalations",
        "/v1//escalations",
        "/v1/escalations%2f1",
        "/v1/escalations/%252e",
        "/v1/escalations/%00",
        "/v1/escalations/%5c",
        "/v1/escalations/%0a",
    ],
)
async def test_a_path_that_can_be_read_in_two_ways_is_refused(
    gateway: httpx.AsyncClient, world: World, path: str
) -> None:
    """Such paths are how one gets past a door."""
    authorization = world.sign_in.as_("Chairs")["Authorization"]
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n"
    answer = await raw(str(gateway.base_url), request.encode())
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"/problems/malformed" in answer


@pytest.mark.parametrize("path", ["/v1/hidden", "/v1/webhooks", "/v1", "/nothing", "/internal/audit-entries"])
async def test_what_is_not_listed_is_not_there(gateway: httpx.AsyncClient, world: World, path: str) -> None:
    """Health, metrics and webhooks of a service cannot be reached from outside."""
    answer = await gateway.get(path, headers=world.sign_in.as_("Administrators"))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_method_is_refused(gateway: httpx.AsyncClient) -> None:
    """TRACE shows a caller's headers to whoever made the browser send it."""
    answer = await gateway.request("TRACE", "/v1/escalations")
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")


async def test_a_question_for_the_headers_alone(gateway: httpx.AsyncClient, world: World) -> None:
    """HEAD is answered without a body, and the connection is good for the next request."""
    headers = world.sign_in.as_("Chairs")
    assert (await gateway.head("/v1/escalations/1", headers=headers)).content == b""
    assert (await gateway.get("/v1/escalations/1", headers=headers)).status_code == 201
