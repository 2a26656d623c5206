from __future__ import annotations

import hashlib
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import orjson
from sqlalchemy import select

from casekit.ingest import read_again
from casekit.ingest.columns import columns_of
from casekit.ingest.filing import laid_out, new_item, problem_row
from casekit.ingest.limits import new_budget
from casekit.ingest.parsed import Context, Exchange, Mail, Parsed, Party, Problem, Step, When
from casekit.ingest.reading import read_any
from casekit.ingest.report import IngestReport
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.ops import items as item_ops
from casekit.ops.clawback import Notice, receive_notice, release
from casekit.ops.items import NewItem
from casekit.queries import items, problems, sequestered
from casekit.store.case import Case
from casekit.store.tables import exchange, item, mail, problem
from tests.builders import make_item
from tests.evidence import png
from tests.ingest.test_columns import record


def test_an_exchange_keeps_what_it_says_and_nothing_empty() -> None:
    found = Exchange(
        model="aurora-4",
        account="acct_1",
        asn=0,
        temperature=0.0,
        prompt_sha256=b"p" * 32,
        messages='[{"role":"user"}]',
        completeness=("no-output", "truncated"),
    )
    when = When(1_700_000_000_000_000, "2023-11-14", "ts", "assumed:UTC", 86_400_000_000)
    step = Step("slice", offset=10, length=20, line=2, sha256=b"s" * 32)
    parsed = Parsed(
        "exchange",
        "api-log",
        "Why?",
        (step,),
        b"s" * 32,
        20,
        media_type="application/json",
        texts=(("prompt", "Why?"), ("output", "")),
        when=when,
        exchange=found,
    )
    assert new_item(parsed, "log.jsonl") == NewItem(
        {
            "kind": "exchange",
            "collection": "api-log",
            "title": "Why?",
            "name": "",
            "media_type": "application/json",
            "pointer": '[{"how":"slice","length":20,"line":2,"offset":10,"sha256":"'
            + "73" * 32
            + '"}]',
            "sha256": b"s" * 32,
            "size": 20,
            "language": "",
            "facts": "",
            "sent_us": 1_700_000_000_000_000,
            "sent_raw": "2023-11-14",
            "sent_field": "ts",
            "sent_zone": "assumed:UTC",
            "sent_resolution_us": 86_400_000_000,
        },
        texts=(("prompt", "Why?"), ("output", "")),
        parties=[],
        exchange={
            "model": "aurora-4",
            "account": "acct_1",
            "asn": 0,
            "temperature": 0.0,
            "prompt_sha256": b"p" * 32,
            "messages": '[{"role":"user"}]',
            "completeness": "no-output truncated",
        },
        problems=[],
        children=[],
    )


def test_records_laid_out_say_what_their_items_say() -> None:
    way = (Step("gzip", sha256=b"g" * 32),)
    told = (Problem("parse", "wrong-type", "It is.", line=3, offset=200),)
    records = [record(0, *way), record(1, *way, when=None), record(2, *way, problems=told)]
    columns = columns_of(records)
    assert columns is not None
    found = laid_out(columns, "log.gz")
    singly = [new_item(parsed, "log.gz") for parsed in records]
    for place, new in enumerate(singly):
        row = {name: values[place] for name, values in found.item.items()}
        assert {name: value for name, value in row.items() if value is not None} == new.columns
        assert {name: values[place] for name, values in found.exchange.items()} == new.exchange
        assert tuple((part, texts[place]) for part, texts in found.texts) == new.texts
    assert found.problems == [(2, *singly[2].problems)]


def test_a_family_carries_pointers_from_the_original_and_problems_with_their_path() -> None:
    inner = Parsed(
        "document",
        "documents",
        "terms.pdf",
        (Step("slice", offset=3, length=4),),
        b"i" * 32,
        4,
        pages=2,
    )
    part = Parsed(
        "file",
        "other",
        "a.zip",
        (Step("mime", name="2", offset=40, length=9, decoding="base64"),),
        b"z" * 32,
        7,
        children=(inner,),
        problems=(Problem("open", "encrypted", "It is locked.", path="b.txt"),),
    )
    head = Parsed(
        "mail",
        "correspondence",
        "Hello",
        (Step("gzip"), Step("slice", offset=100, length=200, line=7)),
        b"m" * 32,
        200,
        parties=(Party("from", "Helen", "h@a.example"), Party("to", "", "t@m.example")),
        mail=Mail("<1@a>", "", (), ("<0@a>",), "Hello", b"", (("Subject", "Hello"),)),
        children=(part,),
    )
    made = new_item(head, "box.mbox.gz")
    assert [orjson.loads(member.columns["pointer"]) for member in made.family()] == [
        [{"how": "gzip"}, {"how": "slice", "offset": 100, "length": 200, "line": 7}],
        [
            {"how": "gzip"},
            {"how": "slice", "offset": 100, "length": 200, "line": 7},
            {"how": "mime", "name": "2", "offset": 40, "length": 9, "decoding": "base64"},
        ],
        [
            {"how": "gzip"},
            {"how": "slice", "offset": 100, "length": 200, "line": 7},
            {"how": "mime", "name": "2", "offset": 40, "length": 9, "decoding": "base64"},
            {"how": "slice", "offset": 3, "length": 4},
        ],
    ]
    assert made.parties == [("from", "Helen", "h@a.example"), ("to", "", "t@m.example")]
    assert made.mail == {
        "message_id": "<1@a>",
        "refs": '["<0@a>"]',
        "subject": "Hello",
        "headers": '[["Subject","Hello"]]',
    }
    assert made.children[0].children[0].columns["pages"] == 2
    assert [p["path"] for p in made.children[0].problems] == ["box.mbox.gz!b.txt"]


def test_a_problem_says_where_it_is() -> None:
    there = Problem("frame", "bad-json", "No JSON.", line=3, offset=44, length=9, path="in.jsonl")
    row = {
        "stage": "frame",
        "kind": "bad-json",
        "text": "No JSON.",
        "line": 3,
        "offset": 44,
        "length": 9,
    }
    assert problem_row(there, "a.zip") == {**row, "path": "a.zip!in.jsonl"}
    assert problem_row(there, "") == {**row, "path": "in.jsonl"}
    assert problem_row(Problem("open", "x", "y"), "a.zip")["path"] == "a.zip"


def test_all_that_is_written_has_its_column() -> None:
    when = When(1, "1", "ts")
    mails = Mail("<1>", "m", ("<0>",), ("<0>",), "s", b"c" * 32, (("a", "b"),))
    made = new_item(
        Parsed(
            "mail",
            "correspondence",
            "t",
            (),
            b"",
            0,
            when=when,
            mail=mails,
            exchange=Exchange(model="m"),
        ),
        "p",
    )
    assert made.columns.keys() <= set(item.columns.keys())
    assert made.mail is not None
    assert made.mail.keys() == set(mail.columns.keys()) - {"item_id"}
    assert set(Exchange.__struct_fields__) == set(exchange.columns.keys()) - {"item_id"}
    assert problem_row(Problem("open", "x", "y"), "p").keys() <= set(problem.columns.keys())


def test_a_child_beside_its_parent_starts_where_the_parent_does() -> None:
    inside = Parsed("record", "api-log", "in", (Step("slice", offset=1, length=2),), b"", 2)
    beside = Parsed(
        "record", "api-log", "by", (Step("slice", offset=9, length=2),), b"", 2, beside=True
    )
    steps = (Step("gzip"), Step("slice", offset=3, length=5))
    made = new_item(
        Parsed("exchange", "api-log", "", steps, b"", 5, children=(inside, beside)), "x"
    )
    assert [orjson.loads(child.columns["pointer"]) for child in made.children] == [
        [
            {"how": "gzip"},
            {"how": "slice", "length": 5, "offset": 3},
            {"how": "slice", "length": 2, "offset": 1},
        ],
        [{"how": "gzip"}, {"how": "slice", "length": 2, "offset": 9}],
    ]


def as_once_kept(case: Case, source: Path) -> None:
    """The case as an earlier version left it that read mails, and nothing of what hangs on them."""
    deposit = case.vault.deposit(source)
    data = source.read_bytes()
    new_budget()
    (found,) = (each for each in read_any(data, Context(), "eml") if isinstance(each, Parsed))
    kept = [
        msgspec.structs.replace(child, kind="file", texts=(), facts="", children=(), mail=None)
        for child in found.children
    ]
    head = new_item(msgspec.structs.replace(found, children=tuple(kept)), source.name)
    item_ops.digest_family(head, deposit.sha256)
    with case.write() as s:
        run_id = item_ops.start_run(s, "[]", "none")
        received = item_ops.Received(deposit.sha256, deposit.size, "", {"path": source.name})
        filed = item_ops.Filed(deposit.sha256, "eml", "read", [head])
        item_ops.file_batch(s, run_id, [received], [filed])
        item_ops.finish_run(s, run_id, "finished", "{}")


def letter(*attachments: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Helen <helen@aurora.example>", "Three files"
    message.set_content("They are attached.")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def packed(**members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return made.getvalue()


def again(case: Case) -> IngestReport:
    with case.read() as s:
        originals = problems.unread(s)
    return read_again(case, originals)


def rows(case: Case) -> list[tuple[int, int | None, int, str, str]]:
    with case.read() as s:
        query = select(item.c.id, item.c.parent_id, item.c.root_id, item.c.kind, item.c.name)
        return [tuple(row) for row in s.execute(query.order_by(item.c.id))]


def test_attachments_that_were_kept_are_read_again_once(case: Case, tmp_path: Path) -> None:
    source = tmp_path / "m.eml"
    data = letter(
        ("scan.png", png()), ("two.zip", packed(a="one", b="two")), ("raw.bin", b"\x00\x01")
    )
    source.write_bytes(data)
    as_once_kept(case, source)
    before = [(1, None, 1, "mail", "")] + [
        (n, 1, 1, "file", name) for n, name in enumerate(("scan.png", "two.zip", "raw.bin"), 2)
    ]
    assert rows(case) == before
    report = again(case)
    assert report.items == 3
    after = [(5, 1, 1, "image", "scan.png"), (6, 3, 1, "document", "a.txt"),
             (7, 3, 1, "document", "b.txt")]  # fmt: skip
    assert rows(case) == before + after
    with case.read() as s:
        assert items.view(s, 6).text("body") == "one"
    assert [raw_bytes(case, number) for number in (5, 6, 7)] == [png(), b"one", b"two"]
    assert verify(case).damaged == []
    assert again(case).items == 0
    assert rows(case) == before + after


def test_what_is_read_of_a_sequestered_file_is_sequestered(case: Case, tmp_path: Path) -> None:
    source = tmp_path / "m.eml"
    source.write_bytes(letter(("scan.png", png()), ("two.zip", packed(a="one"))))
    as_once_kept(case, source)
    with case.read() as s:
        originals = problems.unread(s)
    with case.write() as s:
        receive_notice(s, Notice("Meridian", ["item 1"], reference="letter of 3 March"))
    assert read_again(case, originals).items == 2
    assert rows(case) == []
    with case.read() as s:
        assert [row.item_id for row in sequestered.sequestered(s)] == [1, 2, 3, 4, 5]
    assert verify(case).damaged == []
    with case.write() as s:
        release(s, [1], "Jane Roe", "the court ruled")
    assert len(rows(case)) == 5


def test_two_that_read_it_again_at_once_file_it_once(case: Case, tmp_path: Path) -> None:
    source = tmp_path / "m.eml"
    source.write_bytes(letter(("scan.png", png())))
    as_once_kept(case, source)
    sha256 = hashlib.sha256(source.read_bytes()).digest()
    with case.read() as s:
        (kept,) = item_ops.kept_files(s, sha256).values()
        run_id = s.execute(select(item_ops.ingest_run.c.id)).scalar_one()
    (pointer,) = (row.pointer for row in _all(case) if row.id == kept.id)
    for number in range(2):
        read = make_item(f"read {number}", "image", pointer=pointer)
        item_ops.digest_family(read, sha256, kept.parent_digest)
        graft = item_ops.Graft(kept, (read,), below=False)
        with case.write() as s:
            filed = item_ops.Filed(sha256, "eml", "read", [], [graft])
            item_ops.file_batch(s, run_id, [], [filed])
    assert [kind for _, _, _, kind, _ in rows(case)] == ["mail", "file", "image"]
    assert verify(case).damaged == []


def _all(case: Case) -> list[Any]:
    with case.read() as s:
        return list(s.execute(select(item)))
