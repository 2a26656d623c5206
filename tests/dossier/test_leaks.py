from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, String

from casekit.dossier.leaks import check_file
from casekit.errors import CaseKitError
from casekit.queries.redactions import WithheldWords
from tests.dossier.conftest import Matter
from tests.dossier.pdf_text import glyphs_of

CANARY = "the zanzibar protocol of Halifax"
WITHHELD = WithheldWords([("no. 1 (item 7)", CANARY)])


def texts(path: Path) -> list[tuple[int, str]]:
    pages = glyphs_of(path)
    return [(n, "".join(g.character for g in page)) for n, page in enumerate(pages, 1)]


def in_metadata(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as xmp:
        xmp["dc:description"] = CANARY


def in_properties(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo[Name.Keywords] = String(CANARY)


def in_a_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[-1].children.append(OutlineItem(f"On {CANARY.upper()}", 0))


def in_an_attachment(pdf: pikepdf.Pdf) -> None:
    escaped = "".join(f"\\u{ord(c):04x}" for c in CANARY)
    pdf.attachments["a.json"] = AttachedFileSpec(pdf, f'{{"a": "{escaped}"}}'.encode())


def in_the_name_of_an_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[f"{CANARY}.txt"] = AttachedFileSpec(pdf, b"plain")


def in_a_destination(pdf: pikepdf.Pdf) -> None:
    target = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names.Dests = Dictionary(Names=Array([String(CANARY), target]))


def in_what_stands_for_glyphs(pdf: pikepdf.Pdf) -> None:
    spelt = CANARY.encode("utf-16-be").hex()
    drawing = f"/Span <</ActualText <feff{spelt}>>> BDC EMC".encode()
    pdf.pages[2].contents_add(drawing)


def in_a_text_for_those_who_cannot_see(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        Dictionary(K=Array([pdf.make_indirect(Dictionary(S=Name.Figure, Alt=String(CANARY)))]))
    )


def in_the_name_of_a_layer(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(CANARY)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())


def in_a_stream_of_its_own(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PieceInfo = Dictionary(Maker=Dictionary(Private=pdf.make_stream(CANARY.encode())))


@pytest.mark.parametrize(
    ("plant", "where"),
    [
        (in_metadata, "its metadata"), (in_properties, ""), (in_a_bookmark, "a bookmark"),
        (in_an_attachment, "an attached file"), (in_the_name_of_an_attachment, ""), (in_a_destination, ""),
        (in_what_stands_for_glyphs, "a text that stands for what is drawn"),
        (in_a_text_for_those_who_cannot_see, ""), (in_the_name_of_a_layer, ""), (in_a_stream_of_its_own, ""),
    ],
)  # fmt: skip
def test_words_planted_anywhere_in_a_finished_file_are_found(
    dossier: Matter, tmp_path: Path, plant: Callable[[pikepdf.Pdf], None], where: str
) -> None:
    made = tmp_path / "d.pdf"
    shutil.copy(dossier.rendered.path, made)
    pages = texts(made)
    check_file(made, pages, WITHHELD)
    with pikepdf.open(made, allow_overwriting_input=True) as pdf:
        plant(pdf)
        pdf.save(made)
    with pytest.raises(CaseKitError, match=rf"{where}.*redaction no\. 1 \(item 7\)") as refused:
        check_file(made, pages, WITHHELD)
    assert "zanzibar" not in str(refused.value).casefold()


def test_words_on_a_page_are_found_and_the_page_is_named(dossier: Matter) -> None:
    pages = texts(dossier.rendered.path)
    pages[2] = (3, f"{pages[2][1]} {CANARY}")
    with pytest.raises(CaseKitError, match=r"page 3: redaction no\. 1"):
        check_file(dossier.rendered.path, pages, WITHHELD)


def test_a_page_that_was_not_read_back_is_no_page_without_words(dossier: Matter) -> None:
    pages = texts(dossier.rendered.path)
    with pytest.raises(CaseKitError, match="could not be read back"):
        check_file(dossier.rendered.path, pages[:-1], WITHHELD)
