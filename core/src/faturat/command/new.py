"""`faturat new`: a biller plugin to begin with, complete and correct from the start."""

import json
import keyword
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import click
from msgspec import Struct

from faturat.errors import StartError
from faturat.testing.cases import MEANINGS, Case

TRANSPORTS = {"json": "JSON", "xml": "XML"}
DEPENDENCIES = {
    "json": ["aiohttp>=3.10", "faturat", "msgspec>=0.19"],
    "xml": ["aiohttp>=3.10", "faturat", "lxml>=5", "msgspec>=0.19"],
}
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_EXAMPLE = re.compile(r"[0-9A-Za-z./-]{1,64}", re.ASCII)
LONGEST_LINE = 120
SCAFFOLD = files("faturat") / "scaffold"


class Field(Struct, frozen=True):
    """One field of the company's reference."""

    id: str
    sq: str
    en: str
    example: str


@click.command(
    epilog="Example: faturat new durres_water --company 'UK Durrës' --transport json"
    " --field contract 'Numri i kontratës' 'Contract number' D-100200"
)
@click.argument("name")
@click.option("--company", help="The company's name, as customers read it.")
@click.option(
    "--field",
    "fields",
    nargs=4,
    multiple=True,
    metavar="ID ALBANIAN ENGLISH EXAMPLE",
    help="A field by which the company knows a contract; may be given several times.",
)
@click.option("--transport", type=click.Choice([*TRANSPORTS]), help="What the company speaks over HTTP.")
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path(), show_default=True, help="The folder around it."
)
def new(name: str, company: str | None, fields: tuple[tuple[str, ...], ...], transport: str | None, into: Path) -> None:
    """Write the distribution faturat-NAME, a biller plugin with its simulator. What is not said is asked.

    It installs, runs its simulator and passes `faturat check` at once; then put the company's own messages in.
    """
    _check_id("NAME", name)
    company = company or click.prompt("The company's name, as customers read it")
    known = tuple(Field(*each) for each in fields) or (_ask_field(),)
    transport = transport or click.prompt("What it speaks", type=click.Choice([*TRANSPORTS]), default="json")
    _check_words("--company", company)
    for field in known:
        _check_field(field)
    if len({field.id for field in known}) < len(known):
        raise StartError("--field: two fields have one id. Give each its own.")
    folder = into / f"faturat-{_dashed(name)}"
    if folder.exists():
        raise StartError(f"{folder} is there already. Choose another NAME, or another folder by --into.")
    written = write_plugin(folder, name, company, known, transport)
    click.echo("\n".join(f"wrote {path}" for path in written))
    click.echo(f"Next: pip install -e {folder} && faturat check {folder}")


def write_plugin(folder: Path, name: str, company: str, fields: tuple[Field, ...], transport: str) -> list[Path]:
    """Write every file of the distribution below `folder`; returns their paths."""
    words = _words(name, company, fields, transport)
    written = []
    for place, template in _templates(transport):
        path = folder / Template(place).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(template.read_text("utf-8")).substitute(words), "utf-8")
        written.append(path)
    return written


def _templates(transport: str) -> Iterator[tuple[str, Traversable]]:
    """Where each file goes, below the distribution's folder."""
    package = "src/faturat_$id"
    for part in ("common", transport):
        for template in sorted((SCAFFOLD / part).iterdir(), key=lambda each: each.name):
            name = template.name.removesuffix(".txt")
            if name == "test_conformance.py":
                yield "tests/test_${id}_conformance.py", template
            elif name.endswith(".py"):
                yield f"{package}/{name}", template
            elif name.startswith("sample_"):
                yield f"samples/{name.removeprefix('sample_')}", template
            else:
                yield name, template
    for empty in ("__init__.py", "py.typed"):
        yield f"{package}/{empty}", SCAFFOLD / "empty.txt"


def _words(name: str, company: str, fields: tuple[Field, ...], transport: str) -> dict[str, str]:
    first, *others = fields
    other_values = "".join(f", `{field.example}`" for field in others)
    return {
        "id": name,
        "dashed": _dashed(name),
        "company": company,
        "company_quoted": _quoted(company),
        "dependencies": ", ".join(map(_quoted, DEPENDENCIES[transport])),
        "transport_words": TRANSPORTS[transport],
        "fields": _fields_code(fields),
        "kind_sq": _quoted(first.sq),
        "kind_en": _quoted(first.en),
        "example_words": "`" + "`, `".join(field.example for field in fields) + "`",
        "reference_rows": "\n".join(
            f"| `{each.id}` | {each.sq}, for example `{each.example}` | ASSUMED |" for each in fields
        ),
        "reference_json": json.dumps({field.id: field.example for field in fields}),
        "reference_xml": "".join(f"<{each.id}>{each.example}</{each.id}>" for each in fields),
        "cases": "\n".join(
            f"| {case} | `MAGIC-{number:02d}`{other_values} | {MEANINGS[case]} |" for number, case in enumerate(Case, 1)
        ),
    }


def _fields_code(fields: tuple[Field, ...]) -> str:
    """FIELDS on one line, or a line for each field, or for each part of it, where that is too long."""
    written = [
        (_quoted(each.id), f"Text({_quoted(each.sq)}, {_quoted(each.en)})", "HELP", _quoted(each.example))
        for each in fields
    ]
    line = f"FIELDS = (ReferenceField({', '.join(written[0])}),)"
    if len(fields) == 1 and len(line) <= LONGEST_LINE:
        return line
    return "\n".join(["FIELDS = (", *map(_field_code, written), ")"])


def _field_code(parts: tuple[str, ...]) -> str:
    line = f"    ReferenceField({', '.join(parts)}),"
    if len(line) <= LONGEST_LINE:
        return line
    return "\n".join(["    ReferenceField(", *(f"        {part}," for part in parts), "    ),"])


def _ask_field() -> Field:
    return Field(
        click.prompt("The field by which it knows a contract: its id", default="contract"),
        click.prompt("  in Albanian", default="Numri i kontratës"),
        click.prompt("  in English", default="Contract number"),
        click.prompt("  an example", default="100200300"),
    )


def _check_id(what: str, value: str) -> None:
    if not _ID.fullmatch(value) or keyword.iskeyword(value):
        raise StartError(f"{what}: {value!r} cannot be an id. Use a-z, 0-9 and _, up to 32, a letter first.")


def _check_field(field: Field) -> None:
    _check_id("--field ID", field.id)
    _check_words(f"--field {field.id}: its name in Albanian", field.sq)
    _check_words(f"--field {field.id}: its name in English", field.en)
    if not _EXAMPLE.fullmatch(field.example):
        raise StartError(f"--field {field.id}: the example {field.example!r} is not 1 to 64 of 0-9 A-Z a-z . / and -.")


def _check_words(what: str, words: str) -> None:
    """They are put into sources, where a quotation mark would end what they stand in."""
    if not 1 <= len(words.strip()) <= 60 or not words.isprintable() or set(words) & set('"\\|`<>'):
        raise StartError(f"{what}: {words[:60]!r} is not 1 to 60 letters, digits and plain marks.")


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _quoted(words: str) -> str:
    """As a literal of Python and of TOML alike."""
    return f'"{words}"'
