from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from casekit.errors import CaseKitError
from casekit.jobs import clawback as clawback_job
from casekit.jobs.verify import verify
from casekit.ops import coding, journal, privilege, tags, templates
from casekit.ops.clawback import Notice
from casekit.queries import coding as queries
from casekit.queries import items
from casekit.queries.sequestered import Sequestered
from casekit.queries.templates import Code, parse_code
from casekit.store.case import Case
from casekit.store.coding_tables import coding as table
from tests.builders import file_items, make_exchange, make_item, make_mail

EXCHANGE, LETTER, ATTACHED, TERMS, SAME = 1, 2, 3, 4, 5
YES, NO = Code("responsive", "yes"), Code("responsive", "no")


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """An exchange (1), a letter (2) with a file (3), a document (4) and its copy (5); the usual templates."""
    letter = make_mail("letter", "a@x.example", "b@y.example")
    letter.children = [make_item("attachment")]
    heads = [
        make_exchange("Why?", "So.", "aurora-4"),
        letter,
        make_item("terms"),
        make_item("terms"),
    ]
    file_items(case, heads, tmp_path)
    with case.write() as s:
        templates.take_usual(s)
    return case


def codes(*texts: str) -> list[Code]:
    return [parse_code(text) for text in texts]


def values(case: Case, item_id: int) -> dict[str, tuple[str, ...]]:
    with case.read() as s:
        return queries.values(s, [item_id]).get(item_id, {})


def test_several_codes_are_one_act_whatever_tables_they_need(filed: Case) -> None:
    wanted = codes("responsive=YES", "privilege=privileged", "basis=work-product", "issue=terms", "hot=yes",
                   "tag=night", "remark= see  B ")  # fmt: skip
    before = verify(filed).damaged
    with filed.write() as s:
        done = coding.code(s, [LETTER], wanted)
    assert values(filed, LETTER) == {
        "responsive": ("yes",), "privilege": ("privileged",), "basis": ("work-product",), "hot": ("yes",),
        "issue": ("terms",), "remark": ("see B",),
    }  # fmt: skip
    with filed.read() as s:
        assert items.view(s, LETTER).row.tags == ("hot", "issue/terms", "night")
        assert items.view(s, ATTACHED).privilege_basis == "work-product"
    with filed.write() as s:
        again = coding.code(s, [LETTER], wanted)
        assert again.undo is None
        journal.undo(s, done.act)
    assert values(filed, LETTER) == values(filed, ATTACHED) == {}
    assert verify(filed).damaged == before


def test_a_code_never_takes_privilege_away(filed: Case) -> None:
    with filed.write() as s:
        coding.code(s, [LETTER], codes("responsive=yes", "privilege=privileged"))
        for press in (Code("privilege", "privileged"), YES, NO):
            coding.code(s, [LETTER], [press], toggle=True)
            assert items.view(s, LETTER).privilege_basis == "attorney-client"
        coding.code(s, [LETTER], [YES])
        for release in ("privilege=", "privilege!=privileged", "basis="):
            with pytest.raises(CaseKitError, match="does not release privilege"):
                coding.code(s, [LETTER], codes(release))
        with pytest.raises(CaseKitError, match="Item 2 is withheld"):
            coding.code(s, [LETTER], codes("privilege=not-privileged"))
        coding.code(s, [TERMS], codes("responsive=yes", "privilege=not-privileged"))
        coding.code_as(s, TERMS, [LETTER])
        assert items.view(s, LETTER).privilege_basis == "attorney-client"
        coding.code(s, [LETTER], codes("basis=other"))
        assert items.view(s, ATTACHED).privilege_basis == "other"


def test_what_is_no_longer_shown_goes_but_no_tag_does(filed: Case) -> None:
    with filed.write() as s:
        coding.code(s, [EXCHANGE], codes("responsive=yes", "likeness=alike", "issue=wording"))
        hidden = coding.code(s, [EXCHANGE], [NO])
        assert queries.values(s, [EXCHANGE])[EXCHANGE] == {
            "responsive": ("no",),
            "issue": ("wording",),
        }
        with pytest.raises(CaseKitError, match="there only while responsive is yes or unsure"):
            coding.code(s, [EXCHANGE], codes("likeness=same"))
        journal.undo(s, hidden.act)
        assert queries.values(s, [EXCHANGE])[EXCHANGE]["likeness"] == ("alike",)


def test_fields_that_an_item_does_not_have_are_left_out_of_many(filed: Case) -> None:
    with filed.write() as s:
        coding.code(s, [EXCHANGE, TERMS], codes("responsive=yes", "likeness=same"))
        assert queries.values(s, [EXCHANGE, TERMS]) == {
            EXCHANGE: {"responsive": ("yes",), "likeness": ("same",)}, TERMS: {"responsive": ("yes",)},
        }  # fmt: skip
        with pytest.raises(CaseKitError, match="documents has no field “likeness”"):
            coding.code(s, [TERMS], codes("likeness=same"))
        with pytest.raises(CaseKitError, match="takes one of yes, no, unsure: not “maybe”"):
            coding.code(s, [TERMS], codes("responsive=maybe"))
        coding.code(s, [TERMS], codes("responsive="))
        assert queries.values(s, [TERMS]) == {}


def test_a_case_without_templates_takes_tags_alone(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("one")], tmp_path)
    with case.write() as s:
        coding.code(s, [1], codes("tag=hot"))
        assert items.rows(s, [1])[0].tags == ("hot",)
        with pytest.raises(CaseKitError, match="no coding template for documents"):
            coding.code(s, [1], [YES])


def test_a_tag_pressed_again_goes_and_a_choice_stays(filed: Case) -> None:
    hot, night = codes("hot=yes", "tag=night")
    with filed.write() as s:
        for _ in range(2):
            coding.code(s, [TERMS, SAME], [YES], toggle=True)
        coding.code(s, [TERMS], [hot], toggle=True)
        coding.code(s, [TERMS], [night], toggle=True)
        coding.code(s, [TERMS, SAME], [hot], toggle=True)  # one lacks it: both have it then
        assert [row.tags for row in items.rows(s, [TERMS, SAME])] == [("hot", "night"), ("hot",)]
        coding.code(s, [TERMS, SAME], [hot], toggle=True)
        coding.code(s, [TERMS], [night], toggle=True)
        assert [row.tags for row in items.rows(s, [TERMS, SAME])] == [(), ()]
        assert values_of(s, SAME) == {"responsive": ("yes",)}


def values_of(s: object, item_id: int) -> dict[str, tuple[str, ...]]:
    return queries.values(s, [item_id]).get(item_id, {})  # type: ignore[arg-type]


def test_codes_spread_as_the_matter_says(filed: Case) -> None:
    with filed.write() as s:
        coding.code(s, [LETTER], [YES, Code("remark", "mine")])
        assert values_of(s, ATTACHED) == {}  # asked, not done
        templates.set_policy(s, families="always", copies="always")
        done = coding.code(s, [LETTER], [NO, Code("remark", "still mine")])
        assert "and 1 of family or copies" in done.label
        assert set(done.ids) == {LETTER, ATTACHED}
        assert values_of(s, ATTACHED) == {"responsive": ("no",)}
        coding.code(s, [TERMS], [YES])
        assert values_of(s, SAME) == {"responsive": ("yes",)}
        coding.code(s, [TERMS], [NO], copies=False)
        assert values_of(s, SAME) == {"responsive": ("yes",)}
        privilege.assert_privilege(s, [SAME])
        coding.code(s, [TERMS], codes("responsive=yes", "privilege=not-privileged"))
        assert items.view(s, SAME).row.privileged
        journal.undo(s, done.act)
        assert values_of(s, ATTACHED) == {}


def test_an_item_is_coded_as_another_one(filed: Case) -> None:
    with filed.write() as s:
        with pytest.raises(CaseKitError, match="not coded yet"):
            coding.code_as(s, TERMS, [SAME])
        coding.code(s, [TERMS], codes("responsive=yes", "privilege=not-privileged", "remark=mine"))
        tags.add_tag(s, [TERMS], "night")
        done = coding.code_as(s, TERMS, [SAME, EXCHANGE])
        expected = {"responsive": ("yes",), "privilege": ("not-privileged",)}
        assert values_of(s, SAME) == expected
        assert values_of(s, EXCHANGE) == {"responsive": ("yes",)}
        assert items.rows(s, [SAME])[0].tags == ("night",)
        journal.undo(s, done.act)
        assert values_of(s, SAME) == {}


def test_a_value_changed_since_is_not_undone(filed: Case) -> None:
    with filed.write() as s:
        first = coding.code(s, [TERMS], [YES])
        coding.code(s, [TERMS], [NO])
        with pytest.raises(CaseKitError, match="later act, “responsive: no"):
            journal.undo(s, first.act)


def test_what_is_sequestered_is_neither_coded_nor_told(filed: Case) -> None:
    with filed.write() as s:
        coding.code(s, [TERMS], [YES, Code("remark", "quokka")])
    clawback_job.receive(filed, Notice("Them", ["item 4"], reference="letter"))
    with filed.read() as s:
        assert queries.values(s, [TERMS]) == {}
        assert TERMS not in set(s.execute(select(table.c.item_id)).scalars())
        assert queries.copies_of(s, [SAME]) == []
    with filed.write() as s, pytest.raises(Sequestered):
        coding.code(s, [TERMS], [NO])


def test_thousands_are_coded_in_one_act(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item(f"d{n}") for n in range(1_200)], tmp_path)
    with case.write() as s:
        templates.take_usual(s)
        coding.code(s, range(1, 601), [YES])
        done = coding.code(s, range(1, 1_201), [NO])
        assert queries.having(s, range(1, 1_201), NO) == (list(range(1, 1_201)), [], [])
        journal.undo(s, done.act)
        assert queries.having(s, range(1, 1_201), YES)[0] == list(range(1, 601))


def test_the_log_tells_no_words_of_a_free_text(filed: Case) -> None:
    with filed.write() as s:
        done = coding.code(s, [LETTER], [YES, Code("remark", "CLIENT ADMITS the scrape")])
    assert done.label.startswith("responsive: yes, remark written")
    with filed.read() as s:
        assert "ADMITS" not in str(journal.undoable_acts(s, filed.actor))
