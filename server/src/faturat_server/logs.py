"""Where the log goes: standard error, one JSON object a line, or plainer words for somebody who watches."""

import logging
import sys

import structlog


def configure_logs(plain: bool = False) -> None:
    """Set up the log of this process. Nothing personal is ever logged, so it needs no filter.

    Libraries log by themselves, and not by our rules: only their warnings are heard, and not Apprise's.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)
    last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if plain else structlog.processors.JSONRenderer()
    # Apprise's warnings name mail addresses and topics; that something was not delivered, its callers log
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
