"""The words of the pages: English in the templates, Albanian from locale/sq/LC_MESSAGES/messages.po."""

from collections.abc import Mapping
from importlib.resources import files

from babel.messages.pofile import read_po

from faturat import Language

CATALOGUE = files("faturat_server").joinpath("locale", "sq", "LC_MESSAGES", "messages.po")


class Wording:
    """gettext over texts by msgid; a text that is not there stays as it is. Both languages count one, or many."""

    def __init__(self, texts: Mapping[str, str], counted: Mapping[tuple[str, str], tuple[str, str]]) -> None:
        self._texts = texts
        self._counted = counted

    def gettext(self, text: str) -> str:
        return self._texts.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self._counted.get((one, many), (one, many))[0 if count == 1 else 1]


def read_wording(language: Language) -> Wording:
    """The words in one language; the catalogue is read as it is written, so nothing compiled can be out of date."""
    if language == "en":
        return Wording({}, {})
    texts: dict[str, str] = {}
    counted: dict[tuple[str, str], tuple[str, str]] = {}
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale=language):
            match message.id, message.string:
                case str(text), str(words):
                    texts[text] = words
                case (str(one), str(many)), (str(for_one), str(for_many)):
                    counted[one, many] = for_one, for_many
    return Wording(texts, counted)
