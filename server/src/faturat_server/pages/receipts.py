"""The receipt of a payment, its PDF, and the page where anybody who holds one checks it."""

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.params import FromPath

from faturat_server.access.types import User
from faturat_server.pages.rendering import Page, PageRequest, render
from faturat_server.pages.visitor import language_of
from faturat_server.receipts.answer import pdf_answer
from faturat_server.receipts.content import CHECK_IT, HOW_TO_CHECK, TITLE
from faturat_server.receipts.qr import qr_svg
from faturat_server.receipts.service import Receipts


@get("/pagesat/{payment:str}/mandati")
async def receipt(
    request: PageRequest, receipts: NamedDependency[Receipts], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    content = await receipts.content(user.customer, payment, language_of(request))
    return render(
        request,
        "receipt.html",
        content=content,
        title=TITLE,
        check_it=CHECK_IT,
        how_to_check=HOW_TO_CHECK,
        qr=qr_svg(content.address) if content.address else "",
    )


@get("/pagesat/{payment:str}/mandati.pdf", cache_control=CacheControlHeader(no_store=True))
async def receipt_file(
    request: PageRequest, receipts: NamedDependency[Receipts], user: NamedDependency[User], payment: FromPath[str]
) -> Page:
    return await pdf_answer(await receipts.content(user.customer, payment, language_of(request)))


@get("/verifiko/{code:str}")
async def check(request: PageRequest, receipts: NamedDependency[Receipts], code: FromPath[str]) -> Page:
    """For whoever holds the paper, without a log-in. Not for search engines: the address alone shows the receipt."""
    found = await receipts.check(code)
    page = render(request, "check.html", 404 if found is None else 200, found=found)
    page.headers["X-Robots-Tag"] = "noindex"
    return page
