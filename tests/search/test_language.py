from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casekit.errors import QueryError
from casekit.progress import Silent
from casekit.queries import filters
from casekit.queries.filters import All, And, FieldIs, Node, Not, Or, Words
from casekit.queries.matching import Phrase
from casekit.search import filling, language, words
from casekit.search.language import describe, parse, to_text
from casekit.store.case import Case
from tests.search.builders import add


def word(text: str, field: str = "", *, prefix: bool = False) -> Words:
    return Words((Phrase(text, prefix),), 0, field)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All()),
        ("  *  ", All()),
        ("a b", And((word("a"), word("b")))),
        ("a AND b OR c", Or((And((word("a"), word("b"))), word("c")))),
        ("a -b", And((word("a"), Not(word("b"))))),
        ("NOT (a OR b)", Not(Or((word("a"), word("b"))))),
        ("well-known", word("well-known")),
        ("and or not", And((word("and"), word("or"), word("not")))),
        ('"a ""b"""', word('a "b"')),
        ("“a b”", word("a b")),
        ('"pri li"*', word("pri li", prefix=True)),
        ("pri*", word("pri", prefix=True)),
        ("really?", word("really?")),
        ("a NEAR/3 b*", Words((Phrase("a"), Phrase("b", prefix=True)), 3)),
        ("a w/5 b", Words((Phrase("a"), Phrase("b")), 5)),
        ("title:(a NEAR b)", Words((Phrase("a"), Phrase("b")), 10, "title")),
        ("from:(bob OR eve)", Or((FieldIs("from", "bob"), FieldIs("from", "eve")))),
        ("sender:b?b", FieldIs("from", "b?b", pattern=True)),
        ('name:"a*b"', FieldIs("name", "a*b")),
        ("kind:Mails", FieldIs("kind", "mail")),
        ("account:-x", FieldIs("account", "-x")),
        ("date:2025-01", filters.date_range("2025-01", "2025-01")),
        ("date:2025..", filters.date_range("2025", "")),
    ],
)
def test_text_to_tree_and_back(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(to_text(tree)) == tree
    assert describe(tree)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(a", 0), ("a)", 1), ("()", 0), ("a OR", 4), ("OR a", 0), ('a "b', 2), ("nosuch:x", 0),
        ("a from: b", 7),
        ("wom?n", 3), ("a *b", 2), ("!!!", 0), ("x 🙂", 2), ("date:2025-13", 5), ("date:2025..2024", 5),
        ("kind:cat", 5), ("id:x", 3), ("sha256:xyz", 7), ("from:(to:x)", 6), ("a NEAR/2 b NEAR/3 c", 11),
        ("a NEAR/2", 8), ("NEAR a", 0), ('from:""', 5), ("has:cat", 4), ("date:..", 5), ("http://x", 0),
    ],
)  # fmt: skip
def test_errors_point_at_the_place(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.position == position
    assert caught.value.with_caret().endswith("\n  " + " " * position + "^")


def test_a_near_miss_is_named() -> None:
    with pytest.raises(QueryError, match=r"did you mean account\?"):
        parse("acount:x")


def test_what_is_too_much_is_refused() -> None:
    for text in ("a " * 201, "(" * 60 + "a" + ")" * 60, "x" * 5_000, "NOT " * 60 + "a"):
        with pytest.raises(QueryError):
            parse(text)


def test_a_day_is_that_of_the_zone() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    assert parse("date:2025-01-05", zone) == filters.date_range("2025-01-05", "2025-01-05", zone)


def test_meaning_takes_the_words_and_leaves_the_rest_as_filter() -> None:
    found = language.meaning(parse('copied answers kind:mail -draft "word for word"'))
    assert found.text == "copied answers word for word"
    assert found.filter == And((FieldIs("kind", "mail"), Not(word("draft"))))


PIECES = st.sampled_from(
    ["a", "fox*", '"', "(", ")", " ", " ", "-", "OR", "AND", "NOT", "NEAR/2", ":", "from:", "tag:x",
     "date:2025", "id:5..", "合同", "合", "*", "?", "'", ";", "%", "\\", "\x00", "\ud800", "{title}", "^", "+",
     "é", "🙂", "body:("]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


@pytest.fixture
def indexed(case: Case) -> Case:
    with case.write() as s:
        add(s, texts={"body": "a fox 合同 é"}, title="a")
    filling.index_pending(case, Silent())
    return case


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=ANY_TEXT)
def test_any_text_parses_or_is_refused_and_never_breaks_sql(indexed: Case, text: str) -> None:
    _run(indexed, text)


@pytest.mark.corpus
def test_naughty_strings_never_break_sql(indexed: Case, corpus: Path) -> None:
    naughty = json.loads((corpus / "hostile" / "unicode" / "blns.json").read_text("utf-8"))
    for text in naughty:
        _run(indexed, text)
        _run(indexed, '"' + text.replace('"', '""') + '"')


def _run(case: Case, text: str) -> None:
    try:
        node = parse(text)
    except QueryError as error:
        if not 0 <= error.position <= len(text):
            raise
        return
    assert parse(to_text(node)) == node
    with case.read() as s:
        by_date = words.find(s, node, limit=5)
        ranked = words.find(s, node, order="rank", limit=5)
    assert by_date.total == ranked.total == len(by_date.ids)
