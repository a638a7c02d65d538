"""The texts of all parts, plugins' included: in both languages, one word for one thing, ë and ç where they belong."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from faturat_server.pages.wording import CATALOGUE

ROOT = Path(__file__).parents[2]
SAME_IN_BOTH = {"min", "android", "e", "mail"}
HOLES = re.compile(r"\{[^}]*\}|%\([^)]*\)s")
"""What is filled in later."""
ONE_WORD = {
    "account": "llogari",
    "balance": "gjendj",
    "case": "rast",
    "company": "kompani",
    "contract": "kontrat",
    "customer": "klient",
    "fine": "gjob",
    "invoice": "fatur",
    "late penalty": "kamat",
    "notice": "njoftim",
    "payment": "pages",
    "receipt": "mandat",
    "subscriber": "abonent",
}
"""What a thing is called in Albanian, wherever it is called so in English."""
OTHER_WORDS = (
    "biller",
    "dëftes",
    "faturues",
    "furnizues",
    "konto",
    "kuitanc",
    "marrëveshj",
    "ndërmarrj",
    "transaksion",
)
"""What the same things might be called, and are not."""
COMPANY = re.compile(r"(\S*)\s+(?:\{biller\}|%\(company\)s)|^(?:\{biller\}|%\(company\)s) ")
"""A company's name with the word before it, or at the beginning of a sentence."""
BEFORE_A_NAME = {"kompania", "kompaninë", "kompanisë", "nga", "te"}
"""Words after which a company's name may stand, whatever its gender, number and case."""
BARE = """
    asnje cdo celes celesi ceshtje cfare eshte faturen fatures fjalekalim fjalekalimi gjithcka gjobes jane
    kartes kesaj keshtu kete keto ketu kompanine kompanise kontrate kontraten kontrates llogarine menyra menyre
    nenvize nje njesoj numer pagesen pageses per perdor perdoruesi perfituesi pergjigje permes perseri plotesoni
    prape sherbim shtepia tashme tjeter vertete vetem vonese
"""
"""Words that are none without their ë and ç."""


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """All pairs of English and Albanian, with where each stands: those in the code and those of the catalogue."""
    return (*_in_code(), *_in_catalogue())


def _in_code() -> Iterator[tuple[str, str, str]]:
    for file in (*ROOT.glob("*/src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                given = [_written(each) for each in (*node.args, *(each.value for each in node.keywords))]
                if len(given) == 2 and None not in given:
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", str(given[1]), str(given[0])


def _written(node: ast.expr) -> str | None:
    """A text as it stands in the code; None for what is put together elsewhere, from texts that are read there."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
    return None


def _in_catalogue() -> Iterator[tuple[str, str, str]]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="sq"):
            if isinstance(message.id, tuple):
                yield from ((message.id[0], *pair) for pair in zip(message.id, message.string, strict=True))
            elif message.id:
                yield message.id, message.id, message.string


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", HOLES.sub(" ", text).casefold()))


def test_both_languages_are_given() -> None:
    assert len(texts()) > 500
    assert {place.split("/")[0] for place, *_ in _in_code()} == {"core", "server", "plugins"}
    for place, english, albanian in texts():
        assert english.strip(), place
        assert albanian.strip(), place
        assert english != albanian or not _words(english) - SAME_IN_BOTH, f"{place}: not translated: {english}"


def test_what_is_filled_in_is_the_same_in_both() -> None:
    for place, english, albanian in texts():
        assert set(HOLES.findall(english)) == set(HOLES.findall(albanian)), f"{place}: {albanian}"


def test_one_text_has_one_translation() -> None:
    said = defaultdict(set)
    for _, english, albanian in texts():
        said[english.casefold()].add(albanian.casefold())
    assert {english: each for english, each in said.items() if len(each) > 1} == {}


def test_one_thing_has_one_word() -> None:
    for place, english, albanian in texts():
        plain, albanian_words = HOLES.sub(" ", english), _words(albanian)
        for thing, word in ONE_WORD.items():
            if re.search(rf"\b{thing.removesuffix('y')}(y|ies|s)?\b", plain, re.IGNORECASE):
                assert any(each.startswith(word) for each in albanian_words), f"{place}: {thing} is {word}: {albanian}"
        others = [each for each in albanian_words if each.startswith(OTHER_WORDS)]
        assert others == [], f"{place}: {albanian}"


def test_no_sentence_depends_on_the_gender_or_number_of_a_company_s_name() -> None:
    """GJOBAT E POLICISË are plural: it is the company that answers, and nothing is done to a bare name."""
    for place, _, albanian in texts():
        for before in COMPANY.findall(albanian):
            assert before.casefold() in BEFORE_A_NAME, f"{place}: write “kompania” before the name: {albanian}"


def test_no_letter_has_lost_its_mark() -> None:
    for place, _, albanian in texts():
        assert _words(albanian) & set(BARE.split()) == set(), f"{place}: {albanian}"
