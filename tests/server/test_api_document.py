"""The OpenAPI document: whole, and true."""

from collections.abc import Iterator
from typing import Any

import pytest

from faturat_server.api.problems import MEDIA_TYPE


@pytest.fixture
async def document(open_client: Any) -> dict[str, Any]:
    reply = await (await open_client()).get("/openapi.json")
    assert reply.status == 200
    return dict(reply.body)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, each) for path, item in document["paths"].items() for method, each in item.items()]


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    found = set(references(document))
    assert found
    for reference in found:
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


async def test_every_operation_is_described(document: dict[str, Any]) -> None:
    names = [each["operationId"] for _, _, each in operations(document)]
    assert len(names) == len(set(names)) == 24
    for path, method, each in operations(document):
        assert each["summary"], (path, method)
        assert each["description"], (path, method)
        assert MEDIA_TYPE in each["responses"]["default"]["content"]
        problems = {status: reply for status, reply in each["responses"].items() if status >= "400"}
        assert {"400", "401"} <= set(problems)
        assert all(list(reply["content"]) == [MEDIA_TYPE] for reply in problems.values()), (path, method)


async def test_everything_but_logging_in_wants_a_token(document: dict[str, Any]) -> None:
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    open_to_all = [path for path, _, each in operations(document) if "security" in each]
    assert open_to_all == ["/api/v1/tokens"]


async def test_a_receipt_is_json_or_pdf(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/v1/payments/{payment_id}/receipt"]["get"]
    json, pdf = (operation["responses"]["200"]["content"][kind] for kind in ("application/json", "application/pdf"))
    assert json["schema"] == {"$ref": "#/components/schemas/Receipt"}
    assert pdf["schema"] == {"contentMediaType": "application/pdf"}


async def test_requests_have_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["NewPayment"]["properties"]["amount"]["examples"] == ["1707.40"]
    assert schemas["LookUp"]["properties"]["reference"]["examples"] == [{"customer_code": "TR0.A0000000000000"}]


async def test_no_page_that_shows_it_loads_from_elsewhere(open_client: Any) -> None:
    client = await open_client()
    for path in ("/schema", "/schema/swagger", "/schema/redoc", "/api/v1", "/api/v1/swagger"):
        assert (await client.send("GET", path)).status == 404
