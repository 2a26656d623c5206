from __future__ import annotations

import io
import json

import xlsxwriter

from casekit.ingest.ooxml import open_package
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.reading import format_of, read_any
from casekit.ingest.sheet_notes import sheet_notes
from tests.ingest.documents import relations, zipped


def book(*, records: bool = False) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as workbook:
        first = workbook.add_worksheet("Open")
        rows = (("instruction", "output", "generator"), ("Q", "A", "m"))
        for number, row in enumerate(rows if records else (("a", "b"),)):
            first.write_row(number, 0, row)
        first.write_comment("B1", "said beside the cell", {"author": "Ada"})
        first.insert_textbox("D2", "said in a box")
        first.set_header("&Lsaid on paper")
        secret = workbook.add_worksheet("Secret")
        secret.write("A1", "said in hiding")
        secret.very_hidden()
        workbook.add_worksheet("Aside").hide()
        workbook.define_name("memo", '="said in a name"')
    return made.getvalue()


def test_everything_beside_the_cells_is_gathered() -> None:
    notes = sheet_notes(open_package(book()))
    assert notes.sheets == [("Open", "visible"), ("Secret", "very hidden"), ("Aside", "hidden")]
    assert notes.hidden == 2
    assert notes.texts() == [
        ("comments", "[Open B1] said beside the cell"),
        ("drawings", "[Open] said in a box"),
        ("headers", "[Open] &Lsaid on paper"),
        ("names", 'memo: "said in a name"'),
    ]


def test_a_workbook_shows_it_whether_it_holds_records_or_not() -> None:
    for records, form in ((False, "docx"), (True, "workbook")):
        data = book(records=records)
        assert format_of(data, "x.xlsx") == form
        items = [i for i in read_any(data, Context(name="x.xlsx"), form) if isinstance(i, Parsed)]
        said = dict(items[-1].texts)
        assert (said["comments"], said["page/2"]) == (
            "[Open B1] said beside the cell",
            "said in hiding",
        )
        assert json.loads(items[-1].facts)["hidden_sheets"] == 2


def test_threads_are_comments_and_damaged_parts_give_nothing() -> None:
    thread = '<t><threadedComment ref="C3"><text>said in a thread</text></threadedComment></t>'
    data = zipped(
        {
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
            "xl/workbook.xml": '<w xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships"><sheet name="S" r:id="r0"/></w>',
            "xl/_rels/workbook.xml.rels": relations(("worksheet", "worksheets/s.xml", False)),
            "xl/worksheets/s.xml": "<broken",
            "xl/worksheets/_rels/s.xml.rels": relations(
                ("threadedComment", "../threads.xml", False), ("drawing", "../gone.xml", False)
            ),
            "xl/threads.xml": thread,
        }
    )
    notes = sheet_notes(open_package(data))
    assert notes.texts() == [("comments", "[S C3] said in a thread")]
    assert sheet_notes(open_package(zipped({"a": ""}))).texts() == []
