"""Finds the texts to translate in the source: what a person may read, and no other string.

A text stands in `_("…")` or `translate("…")`, or is the first thing that an `Explained` error is
made with. Which errors those are is read from the source as well, so that none is forgotten.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

MARKS = frozenset({"_", "translate"})
ROOT_ERROR = "Explained"


class NotALiteral(Exception):
    """An error's text is put together where it is raised, so that nobody can translate it."""


def collect(files: Iterable[Path]) -> set[str]:
    """The texts of these Python files.

    Raises:
        NotALiteral
    """
    trees = {file: ast.parse(file.read_bytes()) for file in files}
    errors = _errors(trees.values())
    return {text for file, tree in trees.items() for text in _texts(file, tree, errors)}


def _errors(trees: Iterable[ast.Module]) -> dict[str, bool]:
    """`Explained` and what descends from it: does it take its text, or has it one of its own?"""
    heirs: defaultdict[str, list[ast.ClassDef]] = defaultdict(list)
    for node in chain.from_iterable(map(ast.walk, trees)):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                heirs[_name(base)].append(node)
    errors, todo = {ROOT_ERROR: True}, [ROOT_ERROR]
    while todo:
        error = todo.pop()
        for heir in heirs[error]:
            errors[heir.name] = _takes_text(heir, errors[error])
            todo.append(heir.name)
    return errors


def _takes_text(error: ast.ClassDef, as_base: bool) -> bool:
    for node in error.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return any(argument.arg == "text" for argument in node.args.args[1:2])
    return as_base


def _texts(file: Path, tree: ast.Module, errors: dict[str, bool]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in errors and not errors[node.name]:
            yield from _own_texts(node)
        elif isinstance(node, ast.Call) and node.args:
            name, first = _name(node.func), node.args[0]
            if errors.get(name) and isinstance(first, ast.JoinedStr | ast.BinOp):
                raise NotALiteral(f"{file}:{first.lineno}: {name} is made with no plain text")
            if name in MARKS or errors.get(name):
                yield from _literal(first)


def _own_texts(error: ast.ClassDef) -> Iterator[str]:
    """What a class hands to `super().__init__`."""
    for node in ast.walk(error):
        if isinstance(node, ast.Call) and _name(node.func) == "__init__" and node.args:
            yield from _literal(node.args[0])


def _literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
