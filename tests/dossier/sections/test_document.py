import json

from casekit.dossier.plan import plan
from casekit.dossier.sheet import Facts, Grid, Pages, Prose, Remark
from casekit.dossier.spec import DossierSpec
from casekit.ops import redactions
from casekit.ops.recognition import Recognised, add_machine_texts
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


def machine_read(item_id: int, page: int, text: str, sure: int | None) -> Recognised:
    return Recognised(
        item_id, f"page/{page}", text, "tesseract", "5.3.0", "eng", 300, sure, bytes(range(32))
    )


def test_what_a_machine_read_is_printed_after_the_pictures_only_if_asked(
    case: Case, built: Builder
) -> None:
    item = built.add("scan.png", image())[0]
    built.exhibit(item, "D-1")
    with case.write() as s:
        add_machine_texts(s, [machine_read(item, 1, "Clause 1\nis void", 91)])
    assert not [b for b in chapters(case)[0].blocks if isinstance(b, Prose)]
    with case.read() as s:
        blocks = plan(s, DossierSpec(machine_texts=True)).exhibits[0].blocks
    shown = blocks[[isinstance(b, Pages) for b in blocks].index(True) + 1 :]
    assert [type(b) for b in shown] == [Remark, Remark, Prose]
    note, how, text = shown
    assert isinstance(note, Remark)
    assert isinstance(how, Remark)
    assert "AN AID, NOT THE EXHIBIT" in note.heading
    assert (how.heading, how.text) == (
        "PAGE 1, AS A MACHINE READ IT",
        "Read by tesseract 5.3.0, language eng, from a picture of 300 dots an inch (SHA-256 "
        "0001020304050607…). Its certainty by its own account: 91 %, the mean over its words.",
    )
    assert text == Prose("", "Clause 1\nis void", face="sans", numbered=False)


def test_each_page_and_each_machine_is_told_apart(case: Case, built: Builder) -> None:
    item = built.add("terms.pdf", pdf(2))[0]
    built.exhibit(item, "D-1")
    with case.write() as s:
        add_machine_texts(s, [machine_read(item, 2, "two", None), machine_read(item, 1, "", 3)])
        add_machine_texts(s, [machine_read(item, 2, "tvvo", 12)])
    with case.read() as s:
        blocks = plan(s, DossierSpec(machine_texts=True)).exhibits[0].blocks
    remarks = [b.heading + b.text for b in blocks if isinstance(b, Remark) and "PAGE" in b.heading]
    assert ["It states no certainty" in r for r in remarks] == [True, False]
    assert [b.text for b in blocks if isinstance(b, Prose)] == ["two", "tvvo"]


def test_what_a_machine_read_of_a_redacted_item_is_not_printed(case: Case, built: Builder) -> None:
    item = built.add("terms.pdf", pdf(2))[0]
    built.exhibit(item, "D-1")
    with case.write() as s:
        add_machine_texts(s, [machine_read(item, 2, "a zanzibar misread", 12)])
        redactions.redact(s, [(item, "page/1", 0, 5)], "privacy")
    with case.read() as s:
        assert b"zanzibar" not in plan(s, DossierSpec(machine_texts=True)).encoded()


def test_an_item_that_no_machine_read_says_nothing_of_it(case: Case, built: Builder) -> None:
    built.exhibit(built.add("a.png", image())[0], "D-1")
    with case.read() as s:
        asked = plan(s, DossierSpec(machine_texts=True)).exhibits
        assert asked == plan(s).exhibits


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


def test_what_the_list_of_a_pdf_tells_is_not_in_its_table_too(case: Case, built: Builder) -> None:
    new = pdf(1)
    new.columns["facts"] = json.dumps({"producer": "P", "annotations": {"Text": 2}, "form": "XFA"})
    built.exhibit(built.add("a.pdf", new)[0], "C-1")
    found = chapters(case)[0].blocks
    (table,) = (b for b in found if isinstance(b, Grid))
    assert [row[0] for row in table.rows] == ["producer"]
    told = "".join(fact.value for b in found if isinstance(b, Facts) for fact in b.rows)
    assert "Text 2" in told
    assert "XFA" in told
