"""Errors as pages, in the product's look."""

import traceback

import asyncpg
import structlog
from litestar.exceptions import HTTPException

from faturat import FaturatError
from faturat_server.api.problems import status_of
from faturat_server.pages.login import login_path
from faturat_server.pages.rendering import Page, PageRequest, go_to, render

log = structlog.stdlib.get_logger()


def answer_error(request: PageRequest, exception: Exception) -> Page:
    """The exception handler of the pages, and of addresses that lead to none."""
    match exception:
        case FaturatError(code="not_logged_in"):
            return go_to(login_path(request))
        case FaturatError():
            return _page(request, status_of(exception), exception)
        case HTTPException(status_code=404):
            return _page(request, 404, FaturatError("not_found"))
        case HTTPException(status_code=405):
            return _page(request, 405, FaturatError("method_not_allowed"))
        case HTTPException(status_code=status) if status < 500:
            return _page(request, status, None)
        case asyncpg.CharacterNotInRepertoireError() | asyncpg.UntranslatableCharacterError():
            # PostgreSQL has no character for U+0000, which an id from an address may hold
            return _page(request, 404, FaturatError("not_found"))
    frames = traceback.extract_tb(exception.__traceback__)
    at = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    # not the exception's words, which may hold what somebody typed
    log.error("page_failed", error=type(exception).__name__, at=at)
    return _page(request, 500, FaturatError("internal"))


def _page(request: PageRequest, status: int, error: FaturatError | None) -> Page:
    return render(request, "error.html", status, status=status, error=error)
