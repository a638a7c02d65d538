"""Texts in the two languages that a customer may read."""

from typing import Literal, TypeAlias

from msgspec import Struct

Language: TypeAlias = Literal["sq", "en"]
LANGUAGES: tuple[Language, ...] = ("sq", "en")


class Text(Struct, frozen=True):
    """One text in Albanian and English; both are always there."""

    sq: str
    en: str

    def to(self, language: Language) -> str:
        return self.sq if language == "sq" else self.en
