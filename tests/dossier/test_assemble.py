from pathlib import Path

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from casekit.dossier.assemble import About, Drawn, Entry, assemble
from casekit.dossier.flow import Link, Page


def part(path: Path, pages: int) -> Path:
    canvas = Canvas(str(path), invariant=1)
    for n in range(pages):
        canvas.drawString(72, 700, f"{path.stem} {n}")
        canvas.showPage()
    canvas.save()
    return path


def test_parts_are_joined_with_links_outline_and_destinations(tmp_path: Path) -> None:
    pages = [Page(n) for n in range(1, 6)]
    pages[0].ops.append(Link(10, 20, 30, 40, "EX-A-2"))
    pages[0].ops.append(Link(10, 20, 30, 40, "EX-NOWHERE"))
    pages[3].dests["EX-A-2"] = 700.0
    pages[1].dests["EX-A-10"] = 600.0
    drawn = [
        Drawn(part(tmp_path / "one.pdf", 2), 0, 2), Drawn(part(tmp_path / "two.pdf", 3), 0, 3),
    ]  # fmt: skip
    outline = [Entry("Exhibits", "EX-A-10", (Entry("A-2", "EX-A-2"), Entry("lost", "EX-NOWHERE")))]
    about = About("标题 & title", "subject", "en", "0.1", 1_768_381_971_000_000)
    targets = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for target in targets:
        assemble(drawn, pages, outline, about, target)
    assert targets[0].read_bytes() == targets[1].read_bytes()
    with pikepdf.open(targets[0]) as pdf:
        assert len(pdf.pages) == 5
        notes = pdf.pages[0].obj.Annots
        assert [str(n.Dest) for n in notes] == ["EX-A-2"]
        assert int(notes[0].F) == 4
        names = pdf.Root.Names.Dests.Names
        assert [str(names[i]) for i in range(0, len(names), 2)] == ["EX-A-10", "EX-A-2"]
        assert names[3][0].objgen == pdf.pages[3].obj.objgen
        with pdf.open_outline() as made:
            assert [(str(o.title), [str(c.title) for c in o.children]) for o in made.root] == [
                ("Exhibits", ["A-2"])
            ]
        assert str(pdf.docinfo.Title) == "标题 & title"
        assert str(pdf.docinfo.CreationDate) == "D:20260114091251+00'00'"
        assert "标题" in str(pdf.open_metadata()["dc:title"])
