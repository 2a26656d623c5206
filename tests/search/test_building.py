from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.errors import QueryError
from casekit.queries import filters
from casekit.search.building import (
    Group,
    NotShown,
    Row,
    group_of,
    node_of,
    relations,
    text_of,
    trouble,
)
from casekit.search.language import FIELDS, parse, to_text

LEAVES = st.sampled_from(
    ["cap", '"terms of service"', "fox*", '"pri li"*', "a NEAR/3 b*", "title:cap", "body:(a NEAR b)", "body:x*",
     "model:aurora-4", "model:aur*", "account:-x", 'tag:"a b"', 'name:"a*b"', "kind:mail", "date:2025",
     "date:2025-01..2025-03", "date:..2024", "date:2025..", "id:5", "id:5..9", "id:..9", "status:429",
     "status:400..499", "status:4*", "sha256:ab", "coded:responsive=yes", "has:note", "saved:x", 'saved:"a b"',
     "NOT draft", '"a ""b"', "合同"]
)  # fmt: skip


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        several.map(lambda parts: "(" + " ".join(parts) + ")"),
        several.map(lambda parts: "(" + " OR ".join(parts) + ")"),
        inner.map(lambda part: f"NOT {part}"),
    )


QUERIES = st.recursive(LEAVES, _joined, max_leaves=8)


@settings(max_examples=300, deadline=None)
@given(text=QUERIES)
def test_text_to_rows_and_back_is_the_same_query(text: str) -> None:
    node = parse(text)
    try:
        group = group_of(node)
    except NotShown:
        return
    assert node_of(group) == node
    assert parse(text_of(group)) == node
    assert group_of(parse(text_of(group))) == group


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("", Group()),
        ("cap", Group("all", (Row("", "has", "cap"),))),
        ("cap -model:a*", Group("all", (Row("", "has", "cap"), Row("model", "like", "a*", no=True)))),
        ("date:2025 OR id:5..9",
         Group("any", (Row("date", "between", "2025..2025"), Row("id", "between", "5..9")))),
        ("a NOT (b OR tag:c)",
         Group("all", (Row("", "has", "a"), Group("none", (Row("", "has", "b"), Row("tag", "is", "c")))))),
        ("NOT (a b)", Group("none", (Group("all", (Row("", "has", "a"), Row("", "has", "b"))),))),
        ("body:(a NEAR/3 b)", Group("all", (Row("body", "near", "a NEAR/3 b"),))),
        ("status:404", Group("all", (Row("status", "is", "404"),))),
    ],
)  # fmt: skip
def test_rows_of_a_query(text: str, group: Group) -> None:
    assert group_of(parse(text)) == group
    assert parse(text_of(group)) == parse(text)


@pytest.mark.parametrize(
    "text", ["a OR *", "(a (b OR (c (d OR (e f)))))", " ".join(f"w{n}" for n in range(41))]
)
def test_what_has_no_rows_is_said_so(text: str) -> None:
    with pytest.raises(NotShown, match="stays as it is written"):
        group_of(parse(text))


def test_forty_rows_are_shown_and_what_is_empty_asks_for_nothing() -> None:
    assert len(group_of(parse(" ".join(f"w{n}" for n in range(40)))).parts) == 40
    empty = Group(
        "all", (Row("model", "is", " "), Group("none", (Row(),)), Row("date", "between", ".."))
    )
    assert text_of(empty) == ""


def test_what_a_person_writes_becomes_the_language() -> None:
    made = Group(
        "all",
        (
            Row("", "has", "terms OR use"),
            Row("model", "is", "a*b (c)"),
            Row("name", "like", "report"),
            Row("from", "is", "bob", no=True),
            Group("all", (Row("", "starts", "cap"),)),
        ),
    )
    text = '"terms OR use" model:"a*b (c)" name:*report* NOT from:bob cap*'
    assert text_of(made) == text
    assert node_of(made) == parse(text)


@pytest.mark.parametrize(
    "row",
    [Row("date", "between", "2025-13"), Row("kind", "is", "cat"), Row("", "has", "!!!"),
     Row("id", "between", "x"), Row("", "near", "a OR b"), Row("", "near", "a NEAR/2")],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_refused_as_the_language_refuses_it(row: Row) -> None:
    assert trouble(row) is not None
    with pytest.raises(QueryError):
        text_of(Group("all", (Row("", "has", "a"), row)))


def test_days_are_those_of_the_zone_and_every_field_has_relations() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    row = Row("date", "between", "2025-01-05..2025-01-05")
    assert node_of(Group("all", (row,)), zone) == filters.date_range(
        "2025-01-05", "2025-01-05", zone
    )
    assert trouble(Row("model", "is", "x")) is None
    samples = {
        "is": "5",
        "like": "5*",
        "has": "word",
        "starts": "word",
        "near": "a NEAR/2 b",
        "between": "5..9",
    }
    for field in (f for f in FIELDS if f not in {"kind", "in", "role", "has", "privilege", "privileged", "time",
                                                 "coded", "date", "hidden"}):  # fmt: skip
        for relation in relations(field):
            node = node_of(Group("all", (Row(field, relation, samples[relation]),)))
            assert group_of(node).parts[0].relation == relation, to_text(node)  # type: ignore[union-attr]
