"""Errors as pages, in the product's look."""

from faturat.logs import log_failure
from faturat_server.access.middleware import CSRF_COOKIE
from faturat_server.failures import error_of, status_of
from faturat_server.pages.login import login_path
from faturat_server.pages.rendering import Page, PageRequest, go_to, render


def answer_error(request: PageRequest, exception: Exception) -> Page:
    """The exception handler of the pages, and of addresses that lead to none."""
    error = error_of(exception)
    if error.code == "not_logged_in":
        return go_to(login_path(request))
    if error.code in ("internal", "database_unavailable"):
        log_failure("page_failed", exception)
    page = render(request, "error.html", status_of(error), status=status_of(error), error=error)
    if error.code == "form_too_old":
        page.delete_cookie(CSRF_COOKIE)  # it is not ours, or of another secret; the next page brings a good one
    return page
