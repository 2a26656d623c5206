from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from casekit.errors import CaseKitError
from casekit.ops import clawback, matter, privilege
from casekit.ops.clawback import Notice
from casekit.progress import Silent
from casekit.queries import items
from casekit.search import facet_counts, filling, query, to_text, tongues
from casekit.search.completing import values
from casekit.search.facet_counts import FIELDS, chosen, count_facets, toggle
from casekit.search.language import parse
from casekit.store import tables
from casekit.store.case import Case
from tests.search.builders import add

JANUARY, MAY = 1_767_225_600_000_000, 1_778_000_000_000_000


def texts_of(case: Case, field: str, start: str) -> list[str]:
    return [text for text, _ in values(case, field, start)]


@pytest.fixture
def filled(case: Case) -> Case:
    """Exchanges 1 to 4, a mail 5 with an attachment 6, a picture 7; what 8 answers was asked in 9."""
    with case.write() as s:
        for model, asked, status in (
            ("M-1", "", 200),
            ("m-1", "", 429),
            (None, "m-1", 200),
            ("m-2", "", 200),
        ):
            add(
                s, kind="exchange", collection="outputs", texts={"output": "an answer of some length"},
                exchange={"model": model, "model_requested": asked or None, "status": status,
                          "account": "acct_1", "api_key": "sk-1", "ip": "10.0.0.1"},
                sent_us=JANUARY, custodian="Helen", role="subject", media_type="application/json",
            )  # fmt: skip
        head = add(
            s, kind="mail", collection="correspondence", sent_us=MAY, tags=["issue/terms"],
            custodian="Ida", texts={"body": "Der Vertrag verbietet die Nutzung der Ausgaben"},
            media_type="message/rfc822",
        )  # fmt: skip
        add(s, parent_id=head, texts={"body": "an annex"}, tags=["issue"], media_type="text/plain")
        add(s, kind="image", media_type="image/svg+xml", tags=["Hot"])
        for part in ({"model": "m-9", "account": "acct_9"}, {"conversation_id": "talk"}):
            add(s, kind="exchange", collection="api-log", exchange=part)
        rows = [{"item_id": n, "join_id": 8, "ground": "request-id"} for n in (8, 9)]
        s.execute(tables.exchange_join.insert(), rows)
        privilege.assert_privilege(s, [5], "attorney-client")
        privilege.clear_items(s, [7])
    filling.index_pending(case, Silent())
    tongues.index_pending(case, Silent())
    return case


def listed(case: Case, text: str) -> int:
    with case.read() as s:
        return items.count(s, query(case, text))


def test_every_count_is_what_its_filter_lists(filled: Case) -> None:
    for scope in ("", "kind:exchange", "-kind:exchange", "answer OR annex"):
        found = count_facets(filled, scope)
        assert [facet.field for facet in found] == list(FIELDS)
        for facet in found:
            for value in facet.values:
                rest = to_text(facet_counts.without_choice(parse(scope), facet.field))
                beside = f"({rest}) {value.query}"
                assert value.count == listed(filled, beside), (scope, value)


def test_values_come_with_their_counts_commonest_first(filled: Case) -> None:
    found = {f.field: [(v.text, v.count) for v in f.values] for f in count_facets(filled)}
    assert found["model"] == [("M-1", 3), ("m-9", 2), ("m-2", 1)]
    assert found["status"] == [("200", 3), ("429", 1)]
    assert found["date"] == [("2026-05", 1), ("2026-01", 4)]
    assert found["custodian"] == [("Helen", 4), ("Ida", 1)]
    assert found["tag"] == [("issue", 2), ("Hot", 1), ("issue/terms", 1)]
    assert found["account"] == [("acct_1", 4), ("acct_9", 2)]
    assert found["conversation"] == [("talk", 2)]
    assert dict(found["privilege"])["not-privileged"] == 1
    assert ("attachment", 1) in found["has"]
    assert dict(found["language"])["de"] == 1


def test_few_are_shown_and_the_others_counted(filled: Case) -> None:
    (facet,) = count_facets(filled, fields=["model"], limit=1)
    assert ([v.text for v in facet.values], facet.more) == (["M-1"], 2)
    with pytest.raises(CaseKitError, match="Nothing is counted by “colour”"):
        count_facets(filled, fields=["colour"])


def test_a_field_that_is_chosen_in_shows_what_else_it_could_be(filled: Case) -> None:
    by = {f.field: f for f in count_facets(filled, "model:m-2 status:200")}
    assert [(v.text, v.count) for v in by["model"].values] == [("M-1", 2), ("m-2", 1)]
    assert [(v.text, v.count) for v in by["kind"].values] == [("exchange", 1)]


def test_items_received_later_are_taken_up(filled: Case) -> None:
    assert count_facets(filled, fields=["kind"])[0].values[0].count == 6
    with filled.write() as s:
        add(s, kind="exchange", exchange={"model": "M-2"}, sent_us=MAY, language="fr")
    found = {f.field: {v.text: v.count for v in f.values} for f in count_facets(filled)}
    assert found["kind"]["exchange"] == 7
    assert found["model"] == {"M-1": 3, "m-2": 2, "m-9": 2}
    assert found["language"]["fr"] == listed(filled, "language:fr") == 1


def test_what_is_sequestered_counts_nowhere(filled: Case) -> None:
    count_facets(filled)
    with filled.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 5"], reference="letter"))
    told = str(count_facets(filled))
    assert "Ida" not in told
    assert "2026-05" not in told
    assert texts_of(filled, "custodian", "") == ["Helen"]


def test_months_are_those_of_the_zone_of_the_case(filled: Case) -> None:
    with filled.write() as s:
        matter.set_matter(s, {"time_zone": "America/New_York"})
    facet_counts._open.pop(filled, None)
    (facet,) = count_facets(filled, fields=["date"])
    assert [(v.text, v.count) for v in facet.values] == [("2026-05", 1), ("2025-12", 4)]
    codes = np.zeros(4, np.int32)
    ends = [(1, -5), (2, None), (3, JANUARY)]
    facet_counts._put_months(codes, ends, dt.UTC)
    assert codes.tolist() == [0, 0, 0, 56 * 12 + 1]


def test_values_are_known_for_completion(filled: Case) -> None:
    assert texts_of(filled, "model", "m-") == ["M-1", "m-9", "m-2"]
    assert texts_of(filled, "account", "_9") == ["acct_9"]
    assert texts_of(filled, "key", "x") == []


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("", "model:a", "model:a"),
        ("model:a", "model:a", "*"),
        ("model:a", "model:b", "(model:a OR model:b)"),
        ("cap (model:a OR model:b)", "model:a", "cap model:b"),
        ("cap OR bar", "model:a", "(cap OR bar) model:a"),
        ("status:200 cap", "status:429", "(status:200 OR status:429) cap"),
        ("date:2026-01", "date:2026-02", "(date:2026-01 OR date:2026-02)"),
        ("model:a*", "model:b", "model:a* model:b"),
        ("-model:a", "model:b", "NOT model:a model:b"),
    ],
)
def test_a_value_is_added_to_the_choice_or_taken_from_it(
    before: str, value: str, after: str
) -> None:
    made = toggle(parse(before), parse(value))
    assert made == parse(after)
    assert parse(to_text(made)) == made


def test_what_is_chosen_is_told() -> None:
    node = parse("cap (model:a OR model:b) status:429 date:2026-01")
    assert chosen(node, "model") == ("a", "b")
    assert chosen(node, "status") == ("429",)
    assert chosen(node, "date") == ("2026-01",)
    assert chosen(node, "account") == ()
    assert chosen(parse("model:a OR status:200"), "model") == ()


def test_what_is_released_counts_again_at_once(filled: Case) -> None:
    with filled.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 5"], reference="letter"))
    assert "Ida" not in str(count_facets(filled))  # the columns are read while it is hidden
    with filled.write() as s:
        clawback.release(s, [5], "Court", "order")
    found = {f.field: {v.text: v.count for v in f.values} for f in count_facets(filled)}
    assert found["custodian"]["Ida"] == listed(filled, "custodian:Ida") == 1
