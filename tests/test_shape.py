"""The habits of the house, kept by machine."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from casekit.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "casekit").rglob("*.py"))
HANDBOOK = ROOT / "resources" / "handbook"
PAGES = [ROOT / "README.md", *sorted(HANDBOOK.rglob("*.md"))]
TRANSLATED = sorted(HANDBOOK.glob("*/*.md"))
CODE = re.compile(r"`[^`]+`")
FIGURE = re.compile(r"[+−-]?\d+(?:[.,]\d+)*")
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
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


def test_the_handbook_has_every_command_and_the_readme_the_map() -> None:
    commands = (HANDBOOK / "command-line.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"casekit {name}" not in commands] == []
    readme = (ROOT / "README.md").read_text("utf-8")
    folders = {p.parent.name for p in SOURCES if p.parent.parent == ROOT / "casekit"}
    assert [name for name in sorted(folders) if f"{name}/" not in readme] == []


def test_the_handbook_has_every_action_as_its_table_says() -> None:
    from casekit.ui.actions import ACTIONS, as_markdown

    text = (HANDBOOK / "keys.md").read_text("utf-8")
    assert (
        text.partition("<!-- actions -->\n")[2].partition("\n<!-- /actions -->")[0] == as_markdown()
    )
    assert [action.id for action in ACTIONS if f"`{action.id}`" not in text] == []


def test_what_the_documents_link_to_is_there() -> None:
    links = [(page, link) for page in PAGES for link in LINK.findall(page.read_text("utf-8"))]
    lost = []
    for page, link in links:
        file, _, place = link.partition("#")
        target = page.parent / file if file else page
        if not target.is_file() or (place and place not in places(target)):
            lost.append(f"{page.relative_to(ROOT)}: {link}")
    assert len(links) > len(PAGES)
    assert lost == []


def places(page: Path) -> set[str]:
    """The anchors of a page: those of its headings, as code hosts make them, and those it sets itself."""
    text = page.read_text("utf-8")
    heads = re.findall(r"(?m)^#+ (.+)$", text)
    made = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    return made | set(re.findall(r'<a id="([^"]+)"', text))


def test_there_are_translated_pages() -> None:
    assert {page.parent.name for page in TRANSLATED} == {"zh"}


@pytest.mark.parametrize("page", TRANSLATED, ids=lambda p: p.relative_to(HANDBOOK).as_posix())
def test_a_translated_page_has_all_that_its_english_one_has(page: Path) -> None:
    english, other = untranslated(HANDBOOK / page.name), untranslated(page)
    assert [line["kind"] for line in other] == [line["kind"] for line in english]
    differ = [
        f"line {no}, {what}: lacks {lacks}, adds {adds}"
        for no, (said, put) in enumerate(zip(english, other, strict=True), start=1)
        for what in said
        if (lacks := [*(said[what] - put[what])]) + (adds := [*(put[what] - said[what])])
    ]
    assert differ == []


def shape(line: str) -> str:
    """Heading, list item or row of so many cells, by its marks; else whether there is text at all."""
    marks = re.match(r"#+ |- |\d+\. ", line)
    return "|" * line.count("|") if line.startswith("|") else marks[0] if marks else str(bool(line))


def untranslated(page: Path) -> list[dict[str, Counter[str]]]:
    """Of each line (a heading, paragraph, item or row) what no translation changes."""
    found = []
    block = False
    for line in page.read_text("utf-8").splitlines():
        fence = line.startswith("```")
        kind = line if block or fence else shape(line)
        block ^= fence
        text = LINK.sub("", CODE.sub("", line))
        found.append(
            {
                "kind": Counter([kind]),
                "code": Counter(CODE.findall(line)),
                "figures": Counter(FIGURE.findall(text)),
                "links": Counter(Path(link.partition("#")[0]).name for link in LINK.findall(line)),
            }
        )
    return found


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    left = [p.relative_to(ROOT).as_posix() for p in SOURCES if marks.search(p.read_text("utf-8"))]
    assert left == []
