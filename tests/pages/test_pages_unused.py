"""No text in the code is left over: constants of texts are read, and codes with a message are raised.

Those of the templates are compared with the catalogue in test_pages_words.py.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOKED_UP = {"references.py": "_SCRIPTS"}
"""Texts whose keys are the first words of Unicode names."""


def unused(modules: dict[str, ast.Module]) -> set[str]:
    """Names bound to texts that no module reads, and text keys of dictionaries of texts that stand nowhere else."""
    said = {value for module in modules.values() for value in _said(module)}
    found = set()
    for file, module in modules.items():
        for name, value in _constants(module):
            if not any(name in _read(other, own=other is module) for other in modules.values()):
                found.add(f"{file}: {name}")
            if isinstance(value, ast.Dict) and LOOKED_UP.get(Path(file).name) != name:
                found |= {f"{file}: {name}[{key!r}]" for key in _keys(value) if key not in said}
    return found


def _constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in module.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = getattr(node, "value", None)
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and value is not None and _holds_text(value):
            yield targets[0].id, value


def _holds_text(node: ast.AST) -> bool:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(isinstance(called, ast.Name) and called.id == "Text" for called in calls)


def _read(module: ast.Module, own: bool) -> set[str]:
    """What a module reads: of its own names, or of others' by import or attribute."""
    nodes = list(ast.walk(module))
    if own:
        return {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    imported = {name.name for each in nodes if isinstance(each, ast.ImportFrom) for name in each.names}
    return imported | {each.attr for each in nodes if isinstance(each, ast.Attribute)}


def _said(module: ast.Module) -> Iterator[str]:
    """The strings of a module but for those that are keys or stand in lists, which only say what there is."""
    listed: set[int] = set()
    for node in ast.walk(module):
        match node:
            case ast.Dict(keys=held) | ast.List(elts=held) | ast.Tuple(elts=held) | ast.Set(elts=held):
                listed |= {id(each) for each in held}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in listed:
            yield node.value


def _keys(value: ast.Dict) -> Iterable[str]:
    pairs = zip(value.keys, value.values, strict=True)
    constants = (key for key, text in pairs if isinstance(key, ast.Constant) and _holds_text(text))
    return [key.value for key in constants if isinstance(key.value, str)]


def test_no_text_is_left_over() -> None:
    files = [*ROOT.glob("*/src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
    modules = {str(file.relative_to(ROOT)): ast.parse(file.read_text("utf-8")) for file in files}
    assert sum(1 for each in modules.values() for _ in _constants(each)) > 30
    assert unused(modules) == set()


def test_a_text_that_is_left_over_is_found() -> None:
    words = 'HERE = Text("a", "b")\nGONE = Text("a", "b")\nLEFT = {"raised": HERE, "old": Text("a", "b")}\n'
    status = 'from words import LEFT\nSTATUS = {"raised": 400, "old": 410}\nraise FaturatError("raised")\n'
    modules = {"words.py": ast.parse(words), "status.py": ast.parse(status)}
    assert unused(modules) == {"words.py: GONE", "words.py: LEFT['old']"}
