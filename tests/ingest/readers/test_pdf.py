from __future__ import annotations

import hashlib
import io
import json

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ingest.parsed import Books, Context, Parsed, Problem, When
from casekit.ingest.pointer import resolve
from casekit.ingest.readers.pdf import read
from tests.ingest.documents import pdf

LOG = b'{"prompt": "p", "output": "o"}\n' * 3


def one(data: bytes) -> Parsed:
    found, books = read(data, Context(name="a.pdf"))
    assert isinstance(found, Parsed)
    assert books == Books(len(data))
    return found


def test_each_page_is_a_part_and_the_information_is_kept() -> None:
    info = "/Producer (Press) /Title (A \\(b\\)) /CreationDate (D:20240506070809+02'00')"
    data = pdf("First page", "", "Third", info=info)
    found = one(data)
    facts = json.loads(found.facts)
    assert found.texts == (("page/1", "First page"), ("page/3", "Third"))
    assert (found.kind, found.collection, found.pages) == ("document", "documents", 3)
    assert [problem.kind for problem in found.problems] == ["some-pages-need-ocr"]
    assert (found.sha256, found.size, found.steps) == (hashlib.sha256(data).digest(), len(data), ())
    assert found.when == When(1714972089000000, "D:20240506070809+02'00'", "PDF CreationDate")
    assert facts == {
        "annotations": "none",
        "info": {"CreationDate": "D:20240506070809+02'00'", "Producer": "Press", "Title": "A (b)"},
        "needs_ocr": [2],
        "page_sizes": ["612x792"],
        "pages_without_text": [2],
        "version": "1.4",
    }


def test_pages_without_text_need_ocr() -> None:
    assert [problem.kind for problem in one(pdf("", "")).problems] == ["needs-ocr"]


def test_a_blank_page_needs_nothing() -> None:
    blank = pdf("", "").replace(b"0 0 10 10 re f", b"              ")
    assert [problem.kind for problem in one(blank).problems] == ["no-text"]


def made(**options: object) -> bytes:
    """A PDF with a script, a link, and two files in it, one of them a log."""
    document = pikepdf.Pdf.open(io.BytesIO(pdf("Page")))
    document.attachments["log.jsonl"] = pikepdf.AttachedFileSpec(
        document, LOG, filename="log.jsonl"
    )
    document.attachments["note.txt"] = pikepdf.AttachedFileSpec(
        document, b"Hello.", filename="note.txt"
    )
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("http://x.example/"))
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[72, 690, 200, 720], A=action
    )
    document.pages[0].Annots = document.make_indirect([document.make_indirect(link)])
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.Names.JavaScript = pikepdf.Dictionary(
        Names=["go", document.make_indirect(script)]
    )
    out = io.BytesIO()
    document.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_files_inside_are_children_that_can_be_cut_out(packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    data = made(object_stream_mode=mode, compress_streams=packed)
    found = one(data)
    facts = json.loads(found.facts)
    assert [(child.name, child.kind) for child in found.children] == [
        ("log.jsonl", "document"),
        ("note.txt", "document"),
    ]
    assert [resolve(io.BytesIO(data), child.steps) for child in found.children] == [LOG, b"Hello."]
    assert ("scripts", "app.alert(1)") in found.texts
    assert facts["links"] == ["uri: http://x.example/"]
    assert {"javascript", "embedded_files", "links"} <= set(facts["active"])
    assert ("object_streams" in facts["active"]) == packed
    assert found.problems == ()


def test_a_file_that_cannot_be_cut_out_is_told() -> None:
    data = made(compress_streams=False).replace(b"Hello.", b"Hello?")
    assert [child.name for child in one(data).children] == ["log.jsonl", "note.txt"]
    locked = made(encryption=pikepdf.Encryption(owner="o", user="", R=6))
    found = one(locked)
    assert (found.children, dict(found.texts)["page/1"]) == ((), "Page")
    assert [(p.kind, p.path) for p in found.problems] == [
        ("attachment-not-read", "log.jsonl"),
        ("attachment-not-read", "note.txt"),
    ]


def test_what_was_saved_over_is_told_with_where_it_ends() -> None:
    first = pdf("Old text")
    page = b"BT /F1 24 Tf 72 700 Td (New text) Tj ET"
    change = b"5 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(page), page)
    start = len(first) + len(change)
    table = b"xref\n5 1\n%010d 00000 n \n" % len(first)
    before = first[first.rindex(b"startxref") + 10 : first.rindex(b"%%EOF")].strip()
    trailer = (
        b"trailer << /Size 6 /Root 1 0 R /Prev " + before + b" >>\nstartxref\n%d\n%%%%EOF\n" % start
    )
    data = first + change + table + trailer
    found = one(data)
    facts = json.loads(found.facts)
    assert (dict(found.texts)["page/1"], facts["updates"]) == ("New text", 1)
    assert dict(one(data[: facts["revisions"][0]]).texts)["page/1"] == "Old text"


def test_what_is_active_is_told_and_not_run() -> None:
    extra = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << /X << /S /Launch >> >> "
    facts = json.loads(one(pdf("x", extra=extra)).facts)
    assert facts["active"] == ["javascript", "launch", "open_action", "further_actions"]


def test_a_truncated_twin_is_read_as_far_as_it_goes() -> None:
    data = pdf("First", "Second")
    for cut in (len(data) - 40, len(data) // 2, 20):
        found = one(data[:cut])
        assert found.pages is None or found.pages <= 2
        assert found.texts or found.problems


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4",
        b"%PDF-1.7\n" + b"[" * 100_000,
        pdf("x").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        pdf("x").replace(b"/Count 1", b"/Count 2000000000"),
        pdf("x").replace(b"/Length", b"/Length -1 %"),
    ],
    ids=["header", "nesting", "cycle", "count", "length"],
)
def test_hostile_twins_end_in_a_state(data: bytes) -> None:
    found = one(data)
    assert found.texts or found.problems


@given(st.binary(max_size=200), st.integers(0, 700))
def test_any_damage_ends_in_a_state(noise: bytes, place: int) -> None:
    data = pdf("Some text")
    found = one(data[:place] + noise + data[place + len(noise) :])
    assert all(isinstance(problem, Problem) for problem in found.problems)


@pytest.mark.parametrize(
    ("raw", "us", "zone", "resolution"),
    [
        ("D:20240506070809Z", 1714979289000000, "explicit", 1_000_000),
        ("D:20240506070809-0130", 1714984689000000, "explicit", 1_000_000),
        ("D:20240506", 1714953600000000, "assumed:UTC", 86_400_000_000),
    ],
)
def test_dates_keep_how_exact_they_are(raw: str, us: int, zone: str, resolution: int) -> None:
    when = one(pdf("x", info=f"/CreationDate ({raw})")).when
    assert when == When(us, raw, "PDF CreationDate", zone, resolution)


@pytest.mark.parametrize("raw", ["", "yesterday", "D:20241306", "D:00000000"])
def test_a_date_that_is_none_is_none(raw: str) -> None:
    assert one(pdf("x", info=f"/CreationDate ({raw})")).when is None


def signed(data: bytes, behind: bytes = b"") -> bytes:
    """A PDF with a signature field whose bytes are named as a signer names them; the value is none."""
    document = pikepdf.Pdf.open(io.BytesIO(data))
    value = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), SubFilter=pikepdf.Name("/x.detached"),
        M=pikepdf.String("D:20240506070809Z"), Contents=pikepdf.String(b"\x01" * 40),
        ByteRange=[0, 1_111_111_111, 1_222_222_222, 1_333_333_333],
    )  # fmt: skip
    field = document.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T=pikepdf.String("s"),
        Rect=[0, 0, 0, 0], V=document.make_indirect(value),
    ))  # fmt: skip
    document.pages[0].Annots = [field]
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
    out = io.BytesIO()
    document.save(out)
    made = out.getvalue()
    at = made.index(b"<0101")
    stop = at + 82
    for old, new in ((1_111_111_111, at), (1_222_222_222, stop), (1_333_333_333, len(made) - stop)):
        made = made.replace(str(old).encode(), str(new).zfill(10).encode())
    return made + behind


def test_what_a_signature_covers_is_told_and_not_judged() -> None:
    facts = json.loads(one(signed(pdf("Page"))).facts)
    state = {"behind": 0, "covers": "all", "form": "x.detached", "time": "D:20240506070809Z"}
    assert (facts["signatures"], facts["signed"]) == (1, [state])
    assert facts["annotations"] == {"field": 1}
    facts = json.loads(one(signed(pdf("Page"), b"\n% added\n")).facts)
    assert facts["signed"] == [{**state, "behind": 9, "covers": "part"}]


def test_layers_and_encryption_are_told() -> None:
    document = pikepdf.Pdf.open(io.BytesIO(pdf("Page")))
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[], D=pikepdf.Dictionary())
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(owner="o", user="", R=6))
    facts = json.loads(one(out.getvalue()).facts)
    assert facts["encryption"] == 6
    assert {"encryption", "layers"} <= set(facts["active"])
