from __future__ import annotations

import orjson

from casekit.ingest.filing import new_item, problem_row
from casekit.ingest.parsed import Exchange, Mail, Parsed, Party, Problem, Step, When
from casekit.ops.items import NewItem
from casekit.store.tables import exchange, item, mail, problem


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
