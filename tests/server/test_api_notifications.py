"""The choice of notifications and the devices that notices are pushed to, through the API."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from fakes.browser import Browser, from_base64url

from faturat.notices.types import NoticeEvent

CHOICE, PUSH = "/notifications", "/api/v1/notifications/push"
HOST = "updates.push.services.mozilla.com"


UNCHOSEN = {
    "events": dict.fromkeys(NoticeEvent, True),
    "quiet_hours": {"begins": "22:00", "ends": "07:00"},
    "devices": [],
}


def browser(name: str = "a") -> Browser:
    return Browser(f"https://{HOST}/wpush/v2/{name}")


def problem(reply: Any) -> tuple[int, str, str | None]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.body["status"] == reply.status
    return reply.status, reply.body["type"].removeprefix("/problems/"), reply.body.get("field")


async def test_the_choice_is_read_and_set(demo: Any) -> None:
    found = await demo.get(CHOICE)
    assert found.status == 200
    point = from_base64url(found.body["public_key"])
    assert (len(point), point[0]) == (65, 4)
    assert found.body == UNCHOSEN | {"public_key": found.body["public_key"]}
    hours = {"begins": "23:30", "ends": "06:00"}
    changed = await demo.send("PUT", f"/api/v1{CHOICE}", {"events": {"invoice_new": False}, "quiet_hours": hours})
    assert changed.status == 200
    events = found.body["events"] | {"invoice_new": False}
    assert changed.body == found.body | {"events": events, "quiet_hours": hours}
    assert (await demo.get(CHOICE)).body == changed.body


async def test_a_device_comes_and_goes(demo: Any) -> None:
    phone = browser()
    added = await demo.send("POST", PUSH, phone.subscription)
    assert added.status == 201
    assert added.body.keys() == {"id", "host", "created_at"}
    assert added.body["host"] == HOST
    assert datetime.fromisoformat(added.body["created_at"]).tzinfo is not None
    again = await demo.send("POST", PUSH, browser().subscription | {"expirationTime": None})
    assert (again.status, again.body) == (200, added.body)
    state = await demo.get(CHOICE)
    assert state.body["devices"] == [added.body]
    said = json.dumps(state.body)
    assert not any(secret in said for secret in (phone.endpoint, *phone.keys.values(), "PRIVATE"))
    assert (await demo.send("DELETE", PUSH, {"endpoint": phone.endpoint})).status == 204
    assert (await demo.get(CHOICE)).body["devices"] == []
    assert problem(await demo.send("DELETE", PUSH, {"endpoint": phone.endpoint})) == (
        404,
        "unknown_device",
        "endpoint",
    )


async def test_a_browser_goes_with_who_logs_in_there(demo: Any, open_client: Callable[..., Awaitable[Any]]) -> None:
    other = await open_client("other")
    shared = browser()
    first = await demo.send("POST", PUSH, shared.subscription)
    assert problem(await other.send("DELETE", PUSH, {"endpoint": shared.endpoint}))[1] == "unknown_device"
    second = await other.send("POST", PUSH, shared.subscription)
    assert (first.status, second.status) == (201, 201)
    assert (await demo.get(CHOICE)).body["devices"] == []
    assert (await other.get(CHOICE)).body["devices"] == [second.body]


async def test_ten_devices_and_no_more(demo: Any) -> None:
    for number in range(10):
        assert (await demo.send("POST", PUSH, browser(str(number)).subscription)).status == 201
    assert problem(await demo.send("POST", PUSH, browser("more").subscription)) == (409, "too_many_devices", None)
    assert (await demo.send("POST", PUSH, browser("3").subscription)).status == 200


GOOD = browser().subscription
REFUSED: list[tuple[str, str, Any, tuple[int, str, str | None]]] = [
    ("PUT", CHOICE, {"events": {"invoice_paid": True}}, (422, "unknown_event", "invoice_paid")),
    ("PUT", CHOICE, {"events": {}, "quiet_hours": {"begins": "22:00", "ends": "7"}}, (422, "bad_hour", "ends")),
    ("PUT", CHOICE, {"events": {"invoice_new": "yes"}}, (400, "bad_request", "events")),
    ("PUT", CHOICE, {"events": {}, "sound": True}, (400, "bad_request", "sound")),
    ("PUT", CHOICE, {}, (400, "bad_request", "events")),
    ("PUT", CHOICE, None, (400, "bad_request", None)),
    ("POST", "/notifications/push", {}, (400, "bad_request", "endpoint")),
    ("POST", "/notifications/push", {"endpoint": GOOD["endpoint"]}, (400, "bad_request", "keys")),
    ("POST", "/notifications/push", GOOD | {"name": "x"}, (400, "bad_request", "name")),
    ("POST", "/notifications/push", GOOD | {"keys": {"auth": "x"}}, (400, "bad_request", "keys")),
    ("POST", "/notifications/push", GOOD | {"keys": GOOD["keys"] | {"x": "y"}}, (400, "bad_request", "keys")),
    ("POST", "/notifications/push", GOOD | {"endpoint": 7}, (400, "bad_request", "endpoint")),
    ("POST", "/notifications/push", GOOD | {"endpoint": "https://" + "a" * 1000}, (422, "field_too_long", "endpoint")),
    (
        "POST",
        "/notifications/push",
        GOOD | {"endpoint": f"http://{HOST}/a"},
        (422, "bad_push_endpoint", "endpoint"),
    ),
    (
        "POST",
        "/notifications/push",
        GOOD | {"endpoint": "https://127.0.0.1/a"},
        (422, "push_service_not_allowed", "endpoint"),
    ),
    ("POST", "/notifications/push", GOOD | {"keys": GOOD["keys"] | {"p256dh": "x"}}, (422, "bad_push_key", "p256dh")),
    ("POST", "/notifications/push", GOOD | {"keys": GOOD["keys"] | {"auth": "x"}}, (422, "bad_push_key", "auth")),
    ("DELETE", "/notifications/push", {}, (400, "bad_request", "endpoint")),
    ("DELETE", "/notifications/push", None, (400, "bad_request", None)),
    ("DELETE", "/notifications/push", {"endpoint": "\0"}, (400, "bad_request", None)),
    ("DELETE", "/notifications/push", GOOD, (400, "bad_request", "keys")),
]


async def test_what_is_refused_is_named(demo: Any) -> None:
    before = (await demo.get(CHOICE)).body
    for method, path, body, expected in REFUSED:
        assert problem(await demo.send(method, f"/api/v1{path}", body)) == expected, (method, path, body)
    assert (await demo.get(CHOICE)).body == before


async def test_nobody_but_the_customer(open_client: Callable[..., Awaitable[Any]]) -> None:
    nobody = await open_client()
    for method, path, body in (
        ("GET", CHOICE, None),
        ("PUT", CHOICE, {"events": {}}),
        ("POST", "/notifications/push", GOOD),
        ("DELETE", "/notifications/push", {"endpoint": GOOD["endpoint"]}),
    ):
        assert problem(await nobody.send(method, f"/api/v1{path}", body))[:2] == (401, "not_logged_in")


async def test_each_refusal_stands_in_the_document(demo: Any) -> None:
    paths = (await demo.get("/openapi.json")).body["paths"]
    wanted = {
        ("/api/v1/notifications", "put"): {"unknown_event"},
        ("/api/v1/notifications/push", "post"): {
            "push_not_offered",
            "too_many_devices",
            "field_too_long",
            "bad_push_endpoint",
            "push_service_not_allowed",
            "bad_push_key",
        },
        ("/api/v1/notifications/push", "delete"): {"unknown_device"},
    }
    for (path, method), codes in wanted.items():
        said = " ".join(reply["description"] for reply in paths[path][method]["responses"].values())
        assert codes <= set(said.replace(",", "").split()), path


@pytest.mark.parametrize("observers", [{}])
async def test_where_no_device_is_sent_to_none_is_kept(demo: Any, observers: Any) -> None:
    assert (await demo.get(CHOICE)).body == UNCHOSEN | {"public_key": None}
    assert problem(await demo.send("POST", PUSH, GOOD)) == (409, "push_not_offered", None)
