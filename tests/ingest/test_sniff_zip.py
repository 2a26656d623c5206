from __future__ import annotations

import io
import zipfile

import pytest

from casekit.ingest.sniff_zip import zip_format


def made(names: list[str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, f"content of {name} " * 3)
    return out.getvalue()


@pytest.mark.parametrize(
    ("names", "file", "expected"),
    [
        (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "x.zip", "docx"),
        (["word\\document.xml"], "", "docx"),
        (["[Content_Types].xml", "_rels/.rels"], "cut.docx", "docx"),
        (["[Content_Types].xml", "_rels/.rels"], "cut.zip", "zip"),
        (["[Content_Types].xml", "xl/workbook.xml"], "x.docx", "unknown"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "", "pptx"),
        (["content.xml", "styles.xml"], "", "odf"),
        (["META-INF/container.xml", "OEBPS/book.opf"], "", "epub"),
        (["visio/document.xml"], "", "unknown"),
        (["a.txt", "letters/word.txt", "mail.eml"], "", "zip"),
        ([], "", "zip"),
    ],
)
def test_a_zip_is_told_by_its_names(names: list[str], file: str, expected: str) -> None:
    assert zip_format(made(names), file)[0] == expected


def test_an_opendocument_says_its_type_first() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert zip_format(out.getvalue(), "")[0] == "odf"


def test_a_word_file_inside_a_zip_does_not_make_it_one() -> None:
    inner = made(["[Content_Types].xml", "word/document.xml"])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("letter.docx", inner)
    assert zip_format(out.getvalue(), "")[0] == "zip"


def test_every_way_to_cut_a_zip_off_gives_an_answer() -> None:
    data = made(["[Content_Types].xml", "word/document.xml"])
    assert {zip_format(data[:size], "")[0] for size in range(4, len(data))} == {"zip", "docx"}
