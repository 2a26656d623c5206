"""Canaries: words that are withheld and must be nowhere in what leaves the case."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any, Literal

import msgspec
import pikepdf
import pytest

from casekit.dossier.pdfa import Profile
from casekit.dossier.plan import plan
from casekit.dossier.redact import all_withheld, check_records, readable, records_told
from casekit.dossier.render import Rendered, render
from casekit.dossier.sheet import Grid, Pages, Raw, Remark
from casekit.dossier.spec import SECTIONS, Certificate, DossierSpec
from casekit.errors import CaseKitError
from casekit.ops import exhibits, findings, matter, recognition, redactions
from casekit.queries import items as item_queries
from casekit.queries.redactions import WithheldWords
from casekit.store.case import Case
from tests.dossier.builders import (
    ANSWER,
    OTHER,
    PROMPT,
    Builder,
    answer,
    document,
    finding_body,
    image,
    message,
    new_item,
    pdf,
)
from tests.dossier.pdf_text import glyphs_of

CANARY = "the zanzibar protocol names Quill Ravensworth of Halifax"
MARK = "[REDACTED: personal data]"
WORDS = ("zanzibar", "quill", "ravensworth", "halifax")

CERTIFIED = (Certificate("copies"),)


def withhold(case: Case, item_id: int, part: str, text: str = CANARY) -> None:
    with case.read() as s:
        start = item_queries.view(s, item_id).text(part).index(text)
    with case.write() as s:
        redactions.redact(
            s, [(item_id, part, start, start + len(text))], "privacy", authority="5.2(a)"
        )


def written(
    built: Builder, out: Path, profile: Profile = "filing", raw: Literal["none", "all"] = "all"
) -> tuple[Any, Rendered]:
    with built.case.read() as s:
        decided = plan(
            s, DossierSpec(sections=SECTIONS, certificates=CERTIFIED, profile=profile, raw=raw)
        )
        withheld = all_withheld(s)
    told = ((i, built.originals.raw(i)) for i in records_told(decided))
    check_records(withheld, decided, told)
    return decided, render(decided, built.originals, out)


def everything(rendered: Rendered) -> str:
    """Every text and every stream of what was written, and all that lies beside it."""
    found = ["".join(g.character for page in glyphs_of(rendered.path) for g in page)]
    for path in (rendered.manifest, rendered.sums):
        found.append(path.read_text("utf-8"))
    with pikepdf.open(rendered.path) as pdf_file:
        for each in pdf_file.objects:
            if isinstance(each, pikepdf.Stream):
                found.append(_decoded(each))
        found.append(repr(pdf_file.docinfo))
        with pdf_file.open_outline() as outline:
            found += [str(o.title) for top in outline.root for o in (top, *top.children)]
        found.append(str(pdf_file.open_metadata()))
        found += list(pdf_file.attachments)
    return " ".join(found).casefold()


def _decoded(stream: pikepdf.Stream) -> str:
    try:
        data = stream.read_bytes()
    except (pikepdf.PdfError, zlib.error):
        data = stream.read_raw_bytes()
    return data.decode("utf-8", "replace") + data.decode("utf-16-be", "replace")


def assert_silent(rendered: Rendered, *more: str) -> None:
    text = everything(rendered)
    assert [word for word in (*WORDS, *more) if word in text] == []


@pytest.mark.parametrize("profile", ["filing", "archive"])
def test_words_withheld_in_a_prompt_are_nowhere(
    case: Case, built: Builder, tmp_path: Path, profile: Profile
) -> None:
    """Its title, its record, its extra fields and the index have them too."""
    made = answer(
        f"{CANARY}. Why?", f"Because {CANARY}.", "Meridian-R1", account="Quill Ravensworth of Halifax",
        extra=json.dumps({"echo": CANARY, "line": CANARY.replace(" ", "\n"), CANARY: 1}),
        messages=json.dumps([{"role": "user", "content": CANARY}]),
    )  # fmt: skip
    (item_id,) = built.add("Quill Ravensworth of Halifax.json", made)
    built.exhibit(item_id, "A-1")
    withhold(case, item_id, "prompt")
    decided, rendered = written(built, tmp_path / "d.pdf", profile)
    assert_silent(rendered)
    text = "".join(g.character for page in glyphs_of(rendered.path) for g in page)
    assert MARK.replace(" ", "") in text.replace(" ", "")
    record = made.columns["sha256"].hex()
    assert record not in rendered.manifest.read_text() + rendered.sums.read_text()
    assert record[:8] not in text.replace(" ", "")
    assert not [b for c in decided.exhibits for b in c.blocks if isinstance(b, Raw)]
    assert (decided.produced[0].record_sha256, decided.produced[0].original_sha256) == ("", "")


def test_words_withheld_in_a_mail_are_nowhere(case: Case, built: Builder, tmp_path: Path) -> None:
    """Subject, header fields and the name of an attachment tell them again."""
    made = message(image(f"{CANARY}.png"), subject=f"Re: {CANARY}")
    made.texts = [("body", f"Dear all,\n{CANARY}\nis secret."), ("html", f"<p>{CANARY}</p>")]
    (item_id,) = built.add("letter.eml", made)
    built.exhibit(item_id, "D-1")
    withhold(case, item_id, "body")
    with pytest.raises(CaseKitError, match=r"Exhibit D-1, an attachment’s name: redaction no\. 1"):
        written(built, tmp_path / "d.pdf")  # the attachment's name is the attachment's own
    assert list(tmp_path.glob("d.*")) == []
    plain = message(image("plain.png"), subject=f"Re: {CANARY}")
    plain.texts = made.texts
    (other,) = built.add("second.eml", plain)
    with case.write() as s:
        exhibits.mark_exhibit(s, other, "D-2")
    withhold(case, other, "body")
    with case.read() as s:
        decided = plan(s, DossierSpec(exhibits=("D-2",), sections=SECTIONS, certificates=CERTIFIED))
    assert_silent(render(decided, built.originals, tmp_path / "d.pdf"))


def test_a_page_with_something_withheld_is_printed_as_text(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    made = pdf(2)
    made.texts = [("page/1", f"First. {CANARY}."), ("page/2", "Second page.")]
    (item_id,) = built.add("terms.pdf", made)
    built.exhibit(item_id, "E-1")
    withhold(case, item_id, "page/1")
    decided, rendered = written(built, tmp_path / "d.pdf")
    assert not [b for b in decided.exhibits[0].blocks if isinstance(b, Pages)]
    assert_silent(rendered)
    text = "".join(g.character for page in glyphs_of(rendered.path) for g in page)
    assert "Secondpage." in text.replace(" ", "")


def leak_in_another_exhibit(case: Case, built: Builder) -> None:
    (other,) = built.add("b.json", answer("Hello?", f"It says {CANARY[:40]}", "Aurora-4"))
    built.exhibit(other, "B-1")


def leak_in_a_title(case: Case, built: Builder) -> None:
    (other,) = built.add("c.txt", document("c.txt", "plain", "text/plain"))
    built.exhibit(other, "B-1", title="On Quill Ravensworth of Halifax")


def leak_in_a_name(case: Case, built: Builder) -> None:
    (other,) = built.add("x", document("quill-ravensworth_of.halifax.txt", "plain", "text/plain"))
    built.exhibit(other, "B-1")


def leak_in_a_record(case: Case, built: Builder) -> None:
    """A field that is not printed stands in the exact record, with every letter escaped."""
    escaped = "".join(f"\\u{ord(c):04x}" for c in CANARY)
    data = f'{{"model": "m", "hidden": "{escaped}"}}'.encode()
    made = new_item("exchange", "plain", data, collection="api-log", media_type="application/json")
    made.texts = [("prompt", "plain"), ("output", "plain")]
    made.exchange = {"model": "m"}
    (other,) = built.add("b.json", made)
    built.exhibit(other, "B-1")


def leak_in_a_picture(case: Case, built: Builder) -> None:
    (other,) = built.add("shot.png", image())
    built.exhibit(other, "B-1")
    with case.write() as s:
        recognition.add_machine_texts(s, [_read(other)])


def leak_in_a_finding(case: Case, built: Builder) -> None:
    body = finding_body(1, 1)
    body["question"]["h1"] = f"That {CANARY}."
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs in common", body)


def _read(item_id: int) -> Any:
    return recognition.Recognised(
        item_id, "page/1", CANARY, "tesseract", "5", "eng", 300, 90, b"\1" * 32
    )


@pytest.mark.parametrize(
    "leak",
    [leak_in_another_exhibit, leak_in_a_title, leak_in_a_name, leak_in_a_record, leak_in_a_picture,
     leak_in_a_finding],
)  # fmt: skip
def test_a_dossier_that_tells_them_elsewhere_is_refused(
    case: Case, built: Builder, tmp_path: Path, leak: Any
) -> None:
    (item_id,) = built.add("a.json", answer(f"{CANARY}?", "No.", "Meridian-R1"))
    built.exhibit(item_id, "A-1")
    withhold(case, item_id, "prompt")
    written(built, tmp_path / "sound.pdf")
    leak(case, built)
    with pytest.raises(CaseKitError, match="words that are redacted elsewhere") as refused:
        written(built, tmp_path / "d.pdf")
    assert not [word for word in WORDS if word in str(refused.value).casefold()]
    assert not (tmp_path / "d.pdf").exists()


def test_words_in_the_caption_are_refused_before_anything_is_drawn(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    (item_id,) = built.add("a.json", answer(f"{CANARY}?", "No.", "Meridian-R1"))
    built.exhibit(item_id, "A-1")
    withhold(case, item_id, "prompt")
    with case.write() as s:
        matter.set_matter(s, {"court": "Court of Quill Ravensworth of Halifax"})
    with pytest.raises(CaseKitError, match=r"the [a-z_]+ of the dossier: redaction"):
        written(built, tmp_path / "d.pdf")


def test_a_pair_of_a_finding_that_would_show_them_is_left_out(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    left = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))[0]
    right = built.add("b.json", answer(PROMPT, OTHER, "Aurora-4"))[0]
    built.exhibit(left, "A-1")
    with case.write() as s:
        findings.add_finding(s, "overlap", "Runs in common", finding_body(left, right))
    with case.read() as s:
        assert [c.label for c in plan(s).findings] == ["F-1", "S-1"]
    withhold(case, left, "output", "Emoji are kept")
    with case.read() as s:
        decided = plan(s)
    assert [c.label for c in decided.findings] == ["F-1"]


def test_the_log_says_where_and_why_and_never_what(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    (item_id,) = built.add("a.json", answer(f"{CANARY}?", "No.", "Meridian-R1"))
    built.exhibit(item_id, "A-1")
    with case.read() as s:
        assert "redactions" not in plan(s).sections
    withhold(case, item_id, "prompt")
    with case.read() as s:
        decided = plan(s)
    (grid,) = (b for b in decided.redactions if isinstance(b, Grid))
    assert [row[:2] + row[3:6] for row in grid.rows] == [
        ("1", "A-1", "PROMPT", "personal data", "5.2(a)")
    ]
    assert "redactions" in decided.sections
    told = [b.text for c in decided.exhibits for b in c.blocks if isinstance(b, Remark)]
    told = [text for text in told if "translation" not in text]  # a guess at made-up words
    assert not told or "exact record" in told[-1]


def test_a_mail_whose_attachment_is_redacted_has_no_hash(case: Case, built: Builder) -> None:
    (item_id,) = built.add("letter.eml", message(document("note.txt", f"{CANARY}.", "text/plain")))
    built.exhibit(item_id, "D-1")
    withhold(case, item_id + 1, "body")
    with case.read() as s:
        decided = plan(s)
    assert [p.record_sha256 for p in decided.produced] == ["", ""]
    assert {p.original_sha256 for p in decided.produced} == {""}


@pytest.mark.parametrize(
    "spans",
    [[(4, 13), (8, 23)], [(4, 23), (8, 13)]],
    ids=["overlapping", "one within the other"],
)
def test_passages_that_meet_become_one_and_uncover_nothing(
    case: Case, built: Builder, spans: list[tuple[int, int]]
) -> None:
    (item_id,) = built.add("a.txt", document("a.txt", "one two three four five six", "text/plain"))
    built.exhibit(item_id, "A-1")
    with case.write() as s:
        redactions.redact(s, [(item_id, "body", a, b) for a, b in spans], "confidential")
    with case.read() as s:
        decided = plan(s)
    assert (
        "one [REDACTED: confidential business information] six"
        in msgspec.json.encode(decided.exhibits[0]).decode()
    )


def test_a_record_that_is_attached_and_not_printed_is_judged_too(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    (item_id,) = built.add("a.json", answer(f"{CANARY}?", "No.", "Meridian-R1"))
    built.exhibit(item_id, "A-1")
    withhold(case, item_id, "prompt")
    leak_in_a_record(case, built)
    written(built, tmp_path / "filed.pdf", raw="none")
    with pytest.raises(CaseKitError, match="Exhibit B-1, its record"):
        written(built, tmp_path / "kept.pdf", "archive", raw="none")


def test_nothing_changes_where_nothing_is_withheld(case: Case, built: Builder) -> None:
    (item_id,) = built.add("a.json", answer(PROMPT, ANSWER, "Meridian-R1"))
    built.exhibit(item_id, "A-1")
    with case.read() as s:
        before = plan(s)
    with case.write() as s:
        changes = redactions.redact(s, [(item_id, "prompt", 0, 7)], "privacy")
    with case.write() as s:
        redactions.lift(s, [1])
    with case.read() as s:
        assert plan(s).exhibits == before.exhibits
    assert changes.undo is not None


@pytest.mark.parametrize(
    "data",
    [
        rb'{"a": "wal\u006eut\nharbour"}',
        rb'{"a": "wal\u006eut harbour", "a": "x"}',
        rb'{"a": "{\"b\": \"wal\\u006eut\\nharbour\"}"}',
        rb'{"a": 1}' + b"\n" + rb'{"a": "\u0077alnut\tharbour"}' + b"\n",
        b"[" * 100_000 + rb'"wal\u006Eut\/harbour"',
        rb'{"a": "walnut\u2028harbour", broken',
    ],
)
def test_no_way_of_writing_json_hides_a_word(data: bytes) -> None:
    withheld = WithheldWords([("no. 1", "walnut harbour")])
    assert withheld.places(readable(data))


def test_escapes_of_signs_beyond_the_first_plane_are_read() -> None:
    assert readable(rb'"\ud83d\ude00 \ud83d \u4e91\u6865"').endswith('"\U0001f600 \ufffd 云桥"')
    assert readable("plain é".encode()) == "plain é"


def test_a_title_that_is_cut_off_within_a_passage_tells_nothing_of_it(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    """A record's title is the beginning of its prompt, and its produced item is named by it."""
    prompt = f"Say again: {CANARY} and no more."
    made = answer(prompt, "Because.", "Meridian-R1")
    made.columns["title"] = "Say again:  the zanzi"
    (item_id,) = built.add("a.json", made)
    built.exhibit(item_id, "A-1")
    withhold(case, item_id, "prompt")
    decided, rendered = written(built, tmp_path / "d.pdf")
    assert decided.produced[0].name == "Say again:  [REDACTED: personal data]"
    assert_silent(rendered, "zanzi")
