from __future__ import annotations

import pytest

from casekit.ops import searches, tags
from casekit.progress import Silent
from casekit.search import completing, facet_counts, filling, language, search
from casekit.search.completing import Completion, complete, values
from casekit.store.case import Case
from tests.ui.sample_cases import build_case


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Case:
    with build_case(tmp_path_factory.mktemp("completing") / "Case") as case:
        with case.write() as s:
            searches.save_search(s, "model talk", "model")
        filling.index_pending(case, Silent())
        yield case


def _texts(found: Completion) -> list[str]:
    return [o.text for o in found.options]


def test_fields_operators_and_saved_searches(filled: Case) -> None:
    assert "model:" in _texts(complete(filled, "mo", 2))
    assert 'saved:"model talk"' in _texts(complete(filled, "mo", 2))
    assert _texts(complete(filled, "cap N", 5))[:2] == ["NOT ", "NEAR/5 "]
    assert "NOT " not in _texts(complete(filled, "N", 1))
    negated = complete(filled, "cap -tim", 8)
    assert (negated.start, negated.stop, _texts(negated)) == (5, 8, ["time:"])
    for text in ("", "cap ", '"mo', "nosuch:mo", "http://mo"):
        assert complete(filled, text, len(text)).options == ()


def test_values_of_the_case_with_the_counts_that_searches_find(filled: Case) -> None:
    for text in (
        "model:",
        'model:"mer',
        "cap (model:mer",
        "model:(aurora-4 OR mer",
        "tag:",
        "kind:",
        "saved:",
    ):
        found = complete(filled, text, len(text))
        assert found.options, text
        for option in found.options:
            field = text.rpartition(":")[0].split("(")[-1].split()[-1]
            total = search(filled, f"{field}:{option.text}").total
            assert option.count is None or option.count == total, (text, option)
    assert _texts(complete(filled, "model:mer x", 9)) == ["meridian-r1"]
    assert complete(filled, 'cap model:"mer', 14).start == 10


def test_people_by_name_or_address(filled: Case) -> None:
    found = dict(values(filled, "from", "priya"))
    assert list(found) == ["priya.raman@aurora.example"]
    assert (
        found["priya.raman@aurora.example"]
        == search(filled, "from:priya.raman@aurora.example").total
    )
    assert values(filled, "from", "%") == []


def test_all_fields_are_offered_when_asked_for_and_each_says_what_it_is(filled: Case) -> None:
    found = complete(filled, "", 0, every=True)
    assert [o.text for o in found.options if o.text.rstrip(":") in language.FIELDS] == [
        f"{name}:" for name in language.FIELDS
    ]
    assert all(o.about for o in found.options)
    assert set(completing.ABOUT) == set(language.FIELDS)


def test_values_are_counted_once_until_something_is_done_in_the_case(
    filled: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []

    def count(case: Case, **values: object) -> list[facet_counts.Facet]:
        counted.append(str(values["fields"]))
        return real(case, **values)  # type: ignore[arg-type]

    real = facet_counts.count_facets
    monkeypatch.setattr(facet_counts, "count_facets", count)
    with filled.write() as s:
        tags.make_tag(s, "Before")
    first = values(filled, "tag", "")
    assert (values(filled, "tag", "no such"), values(filled, "tag", "")) == ([], first)
    assert counted == ["['tag']"]
    with filled.write() as s:
        tags.add_tag(s, [1, 2], "After the count")
    assert ("After the count", 2) in values(filled, "tag", "after")
    assert counted == ["['tag']"] * 2
