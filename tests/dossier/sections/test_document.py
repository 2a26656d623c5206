from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts, Grid, Pages, Prose, Remark
from casekit.store.case import Case
from tests.dossier.builders import Builder, document, image, message, new_item, pdf


def chapters(case: Case) -> list:  # type: ignore[type-arg]
    with case.read() as s:
        return list(plan(s).exhibits)


def test_a_pdf_is_shown_as_its_pages_with_their_text_behind(case: Case, built: Builder) -> None:
    built.exhibit(built.add("terms.pdf", pdf(3))[0], "D-1")
    chapter = chapters(case)[0]
    pages = next(b for b in chapter.blocks if isinstance(b, Pages))
    assert [(p.no, p.text.split("\n")[0]) for p in pages.pages] == [
        (n, f"Terms of service, page {n}") for n in (1, 2, 3)
    ]  # fmt: skip
    assert (pages.dpi, pages.inline) == (150, False)
    assert not [b for b in chapter.blocks if isinstance(b, Prose)]
    assert next(b for b in chapter.blocks if isinstance(b, Grid)).rows[0] == (
        "producer",
        "ReportLab",
    )


def test_an_image_stands_under_its_facts(case: Case, built: Builder) -> None:
    built.exhibit(built.add("a.png", image())[0], "D-1")
    pages = next(b for b in chapters(case)[0].blocks if isinstance(b, Pages))
    assert (len(pages.pages), pages.inline) == (1, True)


def test_another_document_is_its_text(case: Case, built: Builder) -> None:
    new = document("contract.docx", "Clause 1.")
    new.texts = [("page/1", "Clause 1."), ("page/2", "Clause 2."), ("notes", "A comment.")]
    built.exhibit(built.add("contract.docx", new)[0], "D-1")
    texts = [(b.heading, b.text) for b in chapters(case)[0].blocks if isinstance(b, Prose)]
    assert texts == [("PAGE 1", "Clause 1."), ("PAGE 2", "Clause 2."), ("NOTES", "A comment.")]


def test_a_file_that_was_not_read_says_so(case: Case, built: Builder) -> None:
    built.exhibit(built.add("x.bin", new_item("file", "x.bin", b"?"))[0], "D-1")
    assert "was not read" in next(b for b in chapters(case)[0].blocks if isinstance(b, Remark)).text


def test_an_attachment_has_few_facts(case: Case, built: Builder) -> None:
    built.exhibit(built.add("m.eml", message(pdf(2)))[0], "C-1")
    tables = [b for b in chapters(case)[0].blocks if isinstance(b, Facts)]
    assert [f.label for f in tables[1].rows] == [
        "Type and size",
        "Properties",
        "SHA-256 of the record",
    ]
    assert tables[1].rows[0].value.endswith("2 pages")
