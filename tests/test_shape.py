"""The habits of the house, kept by machine."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from casekit.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "casekit").rglob("*.py"))
FILE_LINES = 500
FUNCTION_LINES = 60
WINDOW_LINES = 300
BANNED_NAMES = re.compile(r"(Manager|Handler|Helper|Utils|Base)$")
# Migrations are data; the command line is tested as commands, readers' registries through readers.
WITHOUT_TWIN = re.compile(r"store/migrations/|/__init__\.py$|__main__\.py$")


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_source_file_keeps_the_habits(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    limit = WINDOW_LINES if path.name == "window.py" else FILE_LINES
    assert len(text.splitlines()) <= limit
    long = [f.name for f in functions(tree) if (f.end_lineno or 0) - f.lineno + 1 > FUNCTION_LINES]
    assert long == []
    classes = [n.name for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    assert [name for name in classes if BANNED_NAMES.search(name)] == []
    if "migrations" not in path.parts:
        assert ast.get_docstring(tree), "a module says in one sentence what it hides"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_source_file_has_its_test_file(path: Path) -> None:
    inside = path.relative_to(ROOT / "casekit")
    if WITHOUT_TWIN.search(path.as_posix()):
        return
    twin = ROOT / "tests" / inside.parent / f"test_{inside.stem.lstrip('_')}.py"
    assert twin.is_file(), f"{inside} has no {twin.relative_to(ROOT)}"


def test_every_command_and_the_map_are_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"casekit {name}" not in readme] == []
    folders = {p.parent.name for p in SOURCES if p.parent.parent == ROOT / "casekit"}
    assert [name for name in sorted(folders) if f"{name}/" not in readme] == []


def test_every_action_is_in_the_readme() -> None:
    from casekit.ui.actions import ACTIONS

    readme = (ROOT / "README.md").read_text("utf-8")
    assert [action.id for action in ACTIONS if f"`{action.id}`" not in readme] == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    left = [p.relative_to(ROOT).as_posix() for p in SOURCES if marks.search(p.read_text("utf-8"))]
    assert left == []
