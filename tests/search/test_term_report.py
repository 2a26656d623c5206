from __future__ import annotations

import hashlib

import pytest

from casekit.errors import CaseKitError, QueryError
from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries import filters, items
from casekit.search import filling, query, term_report
from casekit.search.finding import NotSearched
from casekit.search.term_report import Term, read_terms, report
from casekit.store.case import Case
from tests.search.builders import add

LIST = "harvest\n\n# a remark\nharvest OR cap*\nmodel:m-1 harvest\ncap AND (bar\nnowhere"


@pytest.fixture
def filled(case: Case) -> Case:
    """A mail 1 with attachments 2 and 3, exchanges 4 and 5, a scan 6 and a note 7."""
    with case.write() as s:
        head = add(s, kind="mail", title="letter", texts={"body": "the harvest plan"})
        add(s, title="annex", texts={"body": "a damages cap"}, parent_id=head)
        add(s, title="annex", texts={"body": "nothing"}, parent_id=head)
        for model in ("m-1", "m-2"):
            add(s, kind="exchange", texts={"output": "harvest"}, exchange={"model": model})
        add(s, kind="image", title="scan", pages=1)
        add(s, texts={"body": "lunch"})
    filling.index_pending(case, Silent())
    return case


def test_a_list_is_read_as_it_comes_from_others() -> None:
    assert read_terms("\ufeffa b\r\n\r\n# no\r\n  c  ") == [Term(1, "a b"), Term(4, "c")]
    assert read_terms("x\ny".encode("utf-16")) == [Term(1, "x"), Term(2, "y")]
    assert read_terms(b"\xef\xbb\xbfx") == [Term(1, "x")]
    for bad in (b"", b"# only\n", b"\xff\x00\x01x", b"PK\x03\x04\x00\x00", "a\n" * 2_001):
        with pytest.raises(CaseKitError):
            read_terms(bad)


def test_each_term_counts_its_hits_its_own_hits_and_their_families(filled: Case) -> None:
    made = report(filled, read_terms(LIST))
    assert [(r.line, r.hits, r.unique, r.with_family, r.position) for r in made.rows] == [
        (1, 3, 0, 5, -1),
        (4, 4, 1, 5, -1),
        (5, 1, 0, 1, -1),
        (6, 0, 0, 0, 8),
        (7, 0, 0, 0, -1),
    ]
    assert (made.searched, made.total, made.total_with_family) == (7, 4, 5)
    assert made.not_searched == (NotSearched("no-text", 1),)
    assert (made.index, made.indexed) == ("words 4", 7)


def test_counts_are_those_of_the_list_and_hashes_name_the_items(filled: Case) -> None:
    asked = ["harvest", "-harvest", "*", "in:documents", "id:2..5 cap", "title:annex", "has:text"]
    made = report(filled, [Term(n, text) for n, text in enumerate(asked)])
    with filled.read() as s:
        for row in made.rows:
            ids = items.item_ids(s, query(filled, row.query), order="id")
            assert row.hits == len(ids)
            digests = b"".join(hashlib.sha256(str(i).encode()).digest() for i in ids)
            assert row.hash == hashlib.sha256(digests).digest()


def test_a_scope_narrows_hits_and_set_but_not_families(filled: Case) -> None:
    made = report(
        filled, read_terms("cap\nharvest"), scope="in:documents -kind:mail -kind:exchange"
    )
    assert [(r.hits, r.with_family) for r in made.rows] == [(1, 3), (0, 0)]
    assert (made.searched, made.total) == (4, 1)
    with pytest.raises(QueryError):
        report(filled, read_terms("cap"), scope="in:(")


def test_what_is_sequestered_counts_nowhere(filled: Case) -> None:
    before = report(filled, read_terms("harvest"))
    with filled.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 4"], reference="letter"))
    after = report(filled, read_terms("harvest"))
    assert (before.rows[0].hits, after.rows[0].hits, after.searched) == (3, 2, 6)
    assert before.set_hash != after.set_hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gross or wilful", "“or” is searched for as a word"),
        ("copy!", "! ~ and % mean nothing"),
        ("harvest", "the same as line 1"),
        ('"this and that"', ""),
        ("a OR b", ""),
    ],
)
def test_what_may_be_meant_otherwise_is_told(filled: Case, text: str, said: str) -> None:
    row = report(filled, [Term(1, "harvest"), Term(2, text)]).rows[1]
    assert row.warnings[0].startswith(said) if said else row.warnings == ()


def test_matches_can_be_asked_of_the_index_alone(filled: Case) -> None:
    """The quick way and the list's way find the same."""
    with filled.read() as s:
        for text in ("harvest", "harvest OR cap", "harvest -cap", "title:annex"):
            node = query(filled, text)
            listed = sorted(items.item_ids(s, node).tolist())
            assert term_report._ids(s, node).tolist() == listed
            assert filters.expression(node) is not None
