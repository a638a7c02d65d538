"""A receipt's PDF as an answer to a request, for a browser and for a program."""

import asyncio
from typing import Any

from litestar import Response

from faturat_server.receipts.content import ReceiptContent

PDF = "application/pdf"


async def pdf_answer(content: ReceiptContent) -> Response[Any]:
    """A file to keep under its own name. Its route says that nobody between keeps it: it tells who paid what."""
    headers = {
        "Content-Disposition": f'attachment; filename="{content.file_name}"',
        "Content-Language": content.language,
    }
    return Response(await asyncio.to_thread(_write, content), media_type=PDF, headers=headers)


def _write(content: ReceiptContent) -> bytes:
    from faturat_server.receipts.pdf import receipt_pdf  # half a second, for the processes that write one

    return receipt_pdf(content)
