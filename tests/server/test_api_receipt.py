"""A receipt as JSON and, where Accept asks for it, as a PDF."""

from typing import Any

from fakes.paper import read_paper


async def test_a_receipt_comes_as_json_and_as_pdf(live: Any, demo: Any, open_client: Any) -> None:
    payment = await _pay(live)
    path = f"/payments/{payment}/receipt"
    for accept in ("", "*/*", "application/json, application/pdf", "text/html", "application/pdf;q=0.1, */*"):
        assert (await demo.get(path, Accept=accept)).body["payment"] == payment
    first = await _pdf(demo, path, "sq")
    assert first == await _pdf(demo, path, "sq")
    paper = read_paper(first)
    assert "Mandati i pagesës 1.707,40 ALL" in paper.text
    assert "Emri i abonentit T*** T***" in paper.text
    assert paper.codes == [], "without public_url there is no address to trust"
    assert "Payment receipt 1,707.40 ALL" in read_paper(await _pdf(demo, path, "en")).text
    other = await open_client("other")
    for client, wrong in ((other, path), (demo, "/payments/pay_0/receipt")):
        refused = await client.get(wrong, Accept="application/pdf")
        assert (refused.status, refused.body["type"]) == (404, "/problems/unknown_payment")


async def test_what_is_not_settled_has_no_pdf(live: Any, demo: Any) -> None:
    live.company.fault("error_500_after_debit")
    refused = await demo.get(f"/payments/{await _pay(live)}/receipt", Accept="application/pdf", Accept_Language="en")
    assert (refused.status, refused.body["type"]) == (404, "/problems/no_receipt")
    assert refused.body["detail"] == "This payment has no receipt yet."


async def _pay(live: Any) -> str:
    found = await live.faturat.invoices.look_up("demo", "oshee", None, {"customer_code": "TR0.A0000000000000"})
    paid = await live.faturat.payments.pay("demo", found.quotes[0].id, "demo-2", found.quotes[0].invoice.total, "key")
    return str(paid.id)


async def _pdf(client: Any, path: str, language: str) -> bytes:
    headers = {"Accept": "application/pdf", "Accept-Language": language}
    async with client.session.get(f"{client.url}/api/v1{path}", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="faturat-OSHEE-000000001.pdf"'
        assert answer.headers.getall("Cache-Control") == ["no-store"]
        return bytes(await answer.read())
