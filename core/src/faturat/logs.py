"""How a failure is logged: of what kind and where. Its words and its variables may hold what somebody typed."""

import traceback

import structlog

log = structlog.stdlib.get_logger()


def log_failure(event: str, error: BaseException, **facts: str) -> None:
    """Log an exception without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    log.error(event, error=type(error).__name__, at=at, **facts)
