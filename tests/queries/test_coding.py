from __future__ import annotations

from pathlib import Path

import pytest

from casekit.ops import coding as ops
from casekit.ops import privilege, tags, tiers
from casekit.ops import templates as set_up_ops
from casekit.queries import coding
from casekit.queries import items as item_queries
from casekit.queries.templates import Code, Field, Template, usual
from casekit.search import query
from casekit.store.case import Case
from tests.builders import file_items, make_exchange, make_item, make_mail

EXCHANGE, LETTER, ATTACHED, TERMS, SAME = 1, 2, 3, 4, 5


@pytest.fixture
def coded(case: Case, tmp_path: Path) -> Case:
    """An exchange (1), a letter (2) with a file (3), a document (4) and its copy (5), some of them coded."""
    letter = make_mail("letter", "a@x.example", "b@y.example", 1_767_225_600_000_000)
    letter.children = [make_item("attachment")]
    heads = [
        make_exchange("Why?", "So.", "aurora-4"),
        letter,
        make_item("terms"),
        make_item("terms"),
    ]
    file_items(case, heads, tmp_path)
    with case.write() as s:
        set_up_ops.take_usual(s)
        tags.make_tag(s, "Issue/Terms")
        ops.code(s, [EXCHANGE], [Code("responsive", "yes"), Code("likeness", "alike")])
        ops.code(
            s, [LETTER], [Code("responsive", "yes"), Code("issue", "terms"), Code("remark", "See B")]
        )  # fmt: skip
        tags.add_tag(s, [TERMS], "responsive")
    return case


def test_values_come_from_every_table(coded: Case) -> None:
    with coded.write() as s:
        tags.add_tag(s, [LETTER], "Hot")
        privilege.assert_privilege(s, [LETTER], "work-product")
        tiers.choose_order(s, "us-protective-order")
        tiers.give_tier(s, [LETTER], "Confidential")
    with coded.read() as s:
        assert coding.values(s, [EXCHANGE, LETTER, ATTACHED, TERMS]) == {
            EXCHANGE: {"responsive": ("yes",), "likeness": ("alike",)},
            LETTER: {
                "responsive": ("yes",), "privilege": ("privileged",), "basis": ("work-product",),
                "confidentiality": ("Confidential",), "hot": ("yes",), "issue": ("Terms",),
                "remark": ("See B",),
            },
            ATTACHED: {
                "privilege": ("privileged",), "basis": ("work-product",), "confidentiality": ("Confidential",),
            },
        }  # fmt: skip
        one = coding.coded(s, LETTER)
        assert {mark.by for mark in one.marks.values()} == {"Test Examiner"}
        assert set(one.marks) == {"responsive", "remark", "privilege", "basis", "confidentiality"}
        assert one.choices["issue"] == ("Terms",)
        assert one.missing == []
        told = "responsive: yes; privilege: privileged"
        assert coding.lines(s, [LETTER])[LETTER].startswith(told)
        assert "See B" in coding.lines(s, [LETTER])[LETTER]
        assert "See B" not in coding.lines(s, [LETTER], {LETTER})[LETTER]


def test_what_is_missing_depends_on_what_is_chosen(coded: Case) -> None:
    with coded.read() as s:
        assert [f.name for f in coding.coded(s, LETTER).missing] == ["privilege"]
        assert "confidentiality" not in {f.name for f in coding.coded(s, LETTER).template.fields}  # type: ignore[union-attr]
        lacking = coding.incomplete(s, [EXCHANGE, LETTER, TERMS])
        assert {i: [f.name for f in fields] for i, fields in lacking.items()} == {
            LETTER: ["privilege"], TERMS: ["responsive"],
        }  # fmt: skip
    with coded.write() as s:
        ops.code(s, [LETTER], [Code("privilege", "not-privileged")])
        ops.code(s, [TERMS], [Code("responsive", "no")])
    with coded.read() as s:
        assert coding.incomplete(s, [EXCHANGE, LETTER, TERMS]) == {}


def test_a_field_shown_by_a_hidden_one_is_hidden_too() -> None:
    chain = Template(
        "documents",
        (
            Field("a", "A", "one", ("x", "y")),
            Field("b", "B", "one", ("x", "y"), when="a", values=("x",)),
            Field("c", "C", "text", required=True, when="b", values=("x",)),
        ),
    )
    assert coding.missing(chain, {"a": ("x",), "b": ("x",)}) == [chain.fields[2]]
    assert coding.missing(chain, {"a": ("y",), "b": ("x",)}) == []


def test_a_search_finds_what_was_coded_and_nothing_else(coded: Case) -> None:
    def found(text: str) -> list[int]:
        with coded.read() as s:
            return [int(i) for i in item_queries.item_ids(s, query(coded, text), order="id")]

    assert found("coded:responsive") == found("coded:Responsive=YES") == [EXCHANGE, LETTER]
    assert found("coded:responsive=yes in:outputs") == [EXCHANGE]
    assert found("coded:responsive=ye") == []  # and the tag named responsive is another matter
    assert found("coded:issue=terms") == found("coded:issue=t*") == [LETTER]
    assert found("coded:remark=*b") == found('coded:"remark=see b"') == [LETTER]
    assert found("coded:hot=yes") == []
    assert found("-coded:responsive kind:document") == [ATTACHED, TERMS, SAME]
    with coded.write() as s:
        privilege.assert_privilege(s, [LETTER], "work-product")
        privilege.clear_items(s, [TERMS])
        tags.add_tag(s, [TERMS], "HOT")
    assert (
        found("coded:privilege=privileged")
        == found("coded:basis=work-product")
        == [LETTER, ATTACHED]
    )
    assert found("coded:privilege") == [LETTER, ATTACHED, TERMS]
    assert found("coded:basis=other") == []
    assert found("coded:hot=yes") == found("coded:hot") == [TERMS]


def test_copies_are_items_of_the_same_bytes_and_requests_have_none(coded: Case) -> None:
    with coded.read() as s:
        assert coding.copies_of(s, [TERMS]) == [SAME]
        assert coding.copies_of(s, [TERMS, SAME]) == []
        assert coding.copies_of(s, [EXCHANGE]) == []


def test_a_preview_counts_what_has_it_what_has_another_and_what_lacks_the_field(
    coded: Case,
) -> None:
    every = [EXCHANGE, LETTER, ATTACHED, TERMS, SAME]
    with coded.write() as s:
        ops.code(s, [TERMS], [Code("responsive", "no")])
    with coded.read() as s:
        counted = coding.having(s, every, Code("responsive", "yes"))
        assert counted == ([EXCHANGE, LETTER], [TERMS], [])
        assert coding.having(s, every, Code("likeness", "same")) == (
            [], [EXCHANGE], [LETTER, ATTACHED, TERMS, SAME],
        )  # fmt: skip
        assert coding.having(s, every, Code("tag", "Responsive")) == ([TERMS], [], [])


def test_usual_templates_ask_of_correspondence_what_must_be_asked() -> None:
    mail = usual().templates["correspondence"]
    assert [f.name for f in coding.missing(mail, {"responsive": ("no",)})] == []
    assert [f.name for f in coding.missing(mail, {"responsive": ("unsure",)})] == ["privilege"]
