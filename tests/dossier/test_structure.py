import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest

from casekit.dossier.flow import PAPERS, Flow
from casekit.dossier.glyphs import Glyphs
from casekit.dossier.preflight import faults
from casekit.dossier.render import render
from casekit.dossier.structure import add_structure
from casekit.dossier.tags import Tag
from tests import verapdf
from tests.dossier.conftest import Matter


@pytest.fixture(scope="module")
def accessible(dossier: Matter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = msgspec.structs.replace(dossier.plan, profile="accessible")
    folder = tmp_path_factory.mktemp("accessible")
    return render(plan, dossier.built.originals, folder / "a.pdf").path


@pytest.fixture(scope="module")
def heard(accessible: Path) -> list[str]:
    """The tree with its text as poppler reads it, a line each."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("missing system package: poppler-utils")
    command = ["pdfinfo", "-struct-text", str(accessible)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stderr == ""
    return [re.sub(r' "$', '"', line.strip()) for line in done.stdout.splitlines()]


def kids(node: Any) -> list[Any]:
    """What is in an element: several, or one without an array about it (ISO 32000-1, table 323)."""
    held = node.get("/K", [])
    return list(held) if isinstance(held, pikepdf.Array | list) else [held]


def elements(node: Any, under: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every element with its role and its parent's."""
    for kid in kids(node):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield str(kid.S), under, kid
            yield from elements(kid, str(kid.S))


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
def test_verapdf_finds_it_fit_for_all_readers(accessible: Path) -> None:
    assert verapdf.failures(accessible, "ua1") == {}


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
def test_verapdf_is_one_that_can_fail(accessible: Path, tmp_path: Path) -> None:
    with pikepdf.open(accessible) as pdf:
        for role, _, element in elements(pdf.Root.StructTreeRoot):
            if role == "/Figure":
                del element["/Alt"]
        pdf.save(tmp_path / "mute.pdf")
    assert "7.3-1" in verapdf.failures(tmp_path / "mute.pdf", "ua1")
    assert faults(tmp_path / "mute.pdf", "accessible") == [
        "A figure has no words for those who cannot see it."
    ]


def test_headings_begin_at_the_first_level_and_skip_none(accessible: Path) -> None:
    with pikepdf.open(accessible) as pdf:
        roles = [role for role, _, _ in elements(pdf.Root.StructTreeRoot)]
    levels = [int(role[2]) for role in roles if role[:2] == "/H" and role[2:].isdigit()]
    assert levels[0] == 1
    assert max(levels) >= 2
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_table_is_whole_and_every_link_has_its_place(accessible: Path) -> None:
    with pikepdf.open(accessible) as pdf:
        found = list(elements(pdf.Root.StructTreeRoot))
        tables = [element for role, _, element in found if role == "/Table"]
        for table in tables:
            assert len({len(kids(row)) for row in kids(table)}) == 1
        links = [element for role, _, element in found if role == "/Link"]
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        held = [
            kid.Obj for link in links for kid in kids(link) if isinstance(kid, pikepdf.Dictionary)
        ]
        assert {n.objgen for n in notes} == {n.objgen for n in held}
        assert len(tables) > 10
        assert len(notes) > 5


def test_the_index_is_read_row_by_row(heard: list[str], dossier: Matter) -> None:
    at = [heard.index(f'"{chapter.label}"') for chapter in dossier.plan.exhibits]
    assert at == sorted(at)
    first = dossier.plan.exhibits[0]
    title = heard[at[0] + 1 : at[1]]
    assert title[:2] == ["TD", "Link (inline)"]
    assert any(first.title[:20] in line for line in title)


def test_words_are_apart_where_a_line_ends(heard: list[str], dossier: Matter) -> None:
    text = "\n".join(heard)
    for remark in dossier.plan.reading:
        assert " ".join(remark.text.split()) in text


def test_running_heads_and_line_numbers_are_not_read(heard: list[str]) -> None:
    text = "\n".join(heard)
    assert "Page 2 of" not in text
    assert 'P (block)\n"5"\n' not in text
    assert text.count("UNITED STATES DISTRICT COURT") == 1


def test_the_other_profiles_hold_no_tags(dossier: Matter) -> None:
    with pikepdf.open(dossier.rendered.path) as pdf:
        assert "/StructTreeRoot" not in pdf.Root
        assert b"BDC" not in b"".join(page.Contents.read_bytes() for page in pdf.pages)


def test_a_skipped_level_and_an_empty_element_are_put_right(faces: Mapping[str, Glyphs]) -> None:
    root = Tag("Sect")
    flow = Flow(PAPERS["letter"], faces, 1, tag=root)
    page = flow.turn()
    for number, (role, tag) in enumerate((r, root.add(r)) for r in ("H1", "H4", "Link")):
        tag.marks.append((1, number))
        assert role == tag.role
    root.add("P")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata() as xmp:
            xmp["dc:title"] = "t"
        add_structure(pdf, [page], [])
        found = [role for role, _, _ in elements(pdf.Root.StructTreeRoot)]
        assert found == ["/Document", "/Sect", "/H1", "/H2", "/Span"]
        assert [str(e.S) for e in pdf.Root.StructTreeRoot.ParentTree.Nums[1]] == [
            "/H1",
            "/H2",
            "/Span",
        ]
