"""Every error that a caller may see: a stable code of messages.py, the field that it is about, and its parameters.

A plugin raises UnknownReference or BillerError; the gate turns everything else into one of these codes.
"""

from datetime import datetime

from faturat.clock import seconds_until, time_in_albania
from faturat.messages import MESSAGES
from faturat.text import Language, Text


class StartError(Exception):
    """What stops a command, for a reason that whoever runs it can mend; the words say what and how."""


class FaturatError(Exception):
    """An error with a stable `code`, the `field` it is about (if any), and the parameters of its message."""

    def __init__(self, code: str, *, field: str | None = None, **params: str | int | Text) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    def message(self, language: Language) -> str:
        """The message in one language, with its parameters filled in."""
        return message(self.code, language, **self.params)


def message(code: str, language: Language, **params: str | int | Text) -> str:
    """The message of a code in one language; raises KeyError for a code that is not in MESSAGES."""
    words = {name: value.to(language) if isinstance(value, Text) else value for name, value in params.items()}
    return MESSAGES[code].to(language).format(**words)


class UnknownReference(FaturatError):
    """Raised by a plugin: the biller says that it has no contract of this reference.

    `hint`, a sentence, says what to do where the biller's answer tells more than that ("This is the smart card's
    number."); without it the field's own help is shown.
    """

    def __init__(self, hint: Text | None = None) -> None:
        super().__init__("unknown_reference", biller="", help="")
        self.hint = hint


class BillerError(FaturatError):
    """Raised by a plugin where the biller did not answer, or not in words that the plugin knows.

    `why` is a short code for operators, without personal data.
    """

    def __init__(self, why: str, code: str = "biller_unavailable") -> None:
        super().__init__(code, biller="")
        self.why = why


class NotAsked(FaturatError):
    """Raised by the gate alone: the biller was not called, so nothing left for it.

    `why` is breaker_open, rate_limited, no_answer (the call before was not answered just now) or too_late (the asker's
    own time ran out); `until` is when to ask again, `since` when the biller fell silent.
    """

    def __init__(self, why: str, biller: str, now: datetime, until: datetime, since: datetime | None = None) -> None:
        code = "biller_busy" if since is None else "biller_unavailable"
        said = "" if since is None else time_in_albania(since, now)
        super().__init__(code, biller=biller, since=said, seconds=seconds_until(until, now))
        self.why = why
        self.until = until

    def message(self, language: Language) -> str:
        code = "biller_silent_since" if self.params["since"] else self.code
        return message(code, language, **self.params)
