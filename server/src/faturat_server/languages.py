"""The languages that a browser or program asks for."""

from faturat import Language
from faturat.text import LANGUAGES

MOST_WISHES = 20


def accepted_language(header: str) -> Language | None:
    """The first of our languages by the weights of an Accept-Language header; None where it names neither."""
    weights: dict[Language, float] = {}
    for wish in header.split(",")[:MOST_WISHES]:
        tag, _, weight = wish.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = next((each for each in LANGUAGES if each == primary), None)
        if language is not None:
            weights[language] = max(weights.get(language, 0.0), _weight(weight))
    best = max(weights, key=lambda language: weights[language], default=None)
    return best if best is not None and weights[best] > 0 else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
