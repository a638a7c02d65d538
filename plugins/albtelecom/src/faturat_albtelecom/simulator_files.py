"""The folder in which the simulated company publishes its files, numbered, and what can go wrong at that."""

from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from faturat.testing.company import Company

FAULTS = {
    "half_written": "publishes half of the next file under its name, the whole after `seconds`",
    "delivered_twice": "publishes the next file once more, under another number",
}


class Half(Struct, frozen=True):
    """A file of which only the first half is there."""

    path: Path
    content: bytes
    whole_at: datetime


class Published:
    """The files in `folder`; `company` knows which faults to show, and seals what is published."""

    def __init__(self, folder: Path, company: Company) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._company = company
        self._halves: list[Half] = []

    def deliver(self, stem: str, body: bytes) -> bytes:
        """Publish a file under the next number of its stem, with whatever faults; returns its content."""
        response = self._company.spoil(web.Response(body=body))
        assert isinstance(response.body, bytes), "a file is bytes"
        content = response.body
        if half := self._company.take("half_written"):
            path = self.next_name(stem)
            whole_at = self._company.clock.now() + timedelta(seconds=half.seconds)
            self._halves.append(Half(path, content, whole_at))
            path.write_bytes(content[: len(content) // 2])
        else:
            put(self.next_name(stem), content)
        if self._company.take("delivered_twice"):
            put(self.next_name(stem), content)
        return content

    def finish(self) -> None:
        """Write out the halves whose time has come."""
        now = self._company.clock.now()
        for half in [half for half in self._halves if half.whole_at <= now]:
            put(half.path, half.content)
            self._halves.remove(half)

    def next_name(self, stem: str) -> Path:
        numbers = (int(path.stem.rsplit("-", 1)[-1]) for path in self._folder.glob(f"{stem}-*.csv"))
        return self._folder / f"{stem}-{max(numbers, default=0) + 1:03d}.csv"


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(content)
    temporary.replace(path)
