from __future__ import annotations

import random

import pytest
from sqlalchemy import insert

from casekit.errors import Cancelled, CaseKitError
from casekit.ops import clawback
from casekit.ops.clawback import Notice
from casekit.queries import clusters, items
from casekit.search import near, query, sketches
from casekit.search.near import NearReport
from casekit.store.case import Case
from casekit.store.tables import machine_text
from tests.search.builders import add
from tests.search.cluster_case import LETTER, add_letters


def groups(case: Case) -> list[tuple[int, list[tuple[int, float | None]]]]:
    """The principal of each group with its members, and how alike each is in percent."""
    with case.read() as s:
        return [
            (row.principal, [
                (m.item_id, None if m.alike is None else round(100 * m.alike))
                for m in clusters.near_members(s, row, 100)
            ])
            for row in clusters.near_groups(s, 100)
        ]  # fmt: skip


def found(case: Case, text: str) -> list[int]:
    node = query(case, text)
    with case.read() as s:
        return items.item_ids(s, node, order="id").tolist()


def test_the_earliest_of_the_longest_texts_is_what_the_others_are_compared_with(case: Case) -> None:
    add_letters(case)
    report = near.group(case)
    assert report == NearReport(80, items=5, groups=1, members=3, short=1, without=1, cut=0)
    assert groups(case) == [(2, [(2, 100), (1, 100), (3, 93)])]


def test_another_threshold_groups_otherwise_without_reading_texts_again(case: Case) -> None:
    add_letters(case)
    near.group(case, threshold=95)
    assert groups(case) == [(2, [(2, 100), (1, 100)])]
    near.group(case, threshold=50)
    assert groups(case) == [(2, [(2, 100), (1, 100), (3, 93), (4, 62)])]
    with pytest.raises(CaseKitError, match="50 to 100 percent"):
        near.group(case, threshold=49)


def test_searches_find_what_is_near_to_an_item_and_what_has_any(case: Case) -> None:
    add_letters(case)
    assert found(case, "near:1") == []  # nothing computed yet is no error
    near.group(case)
    assert found(case, "near:1") == found(case, "near:3") == [1, 2, 3]
    assert found(case, "near:*") == [1, 2, 3]
    assert found(case, "near:5 OR near:99999999999999999") == []
    assert found(case, "near:* -near:1") == []
    with pytest.raises(CaseKitError, match="takes a number"):
        query(case, "near:first")


def test_the_same_groups_come_out_twice_and_however_items_came_in(case: Case) -> None:
    rng = random.Random(5)
    with case.write() as s:
        for _ in range(60):
            words = LETTER.split()
            for _ in range(rng.randint(0, 9)):
                words[rng.randrange(len(words))] = rng.choice(["otherwise", "lately", "1923"])
            add(s, texts={"body": " ".join(words)})
    near.group(case)
    first = groups(case)
    near.group(case, threshold=60)
    near.group(case)
    assert groups(case) == first
    assert len(first) > 1
    for principal, members in first:
        assert members[0] == (principal, 100)
        assert all(share is not None and share >= 80 for _, share in members)


def test_likeness_is_counted_over_words_and_not_guessed() -> None:
    texts = ["a b c d e f g h", "a b c d e f g x", "", "a b c d e f g h"]
    sets = sketches.pair_sets(sketches.words_of(texts, {}))
    assert sketches.alike(sets[0], sets[1]) == 6 / 8
    assert sketches.alike(sets[0], sets[3]) == 1
    assert sketches.alike(sets[0], sets[2]) == sketches.alike(sets[2], sets[2]) == 0


def test_what_is_sequestered_counts_nowhere_and_gives_no_likeness_away(case: Case) -> None:
    add_letters(case)
    near.group(case)
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 2"], reference="letter"))
    assert groups(case) == [
        (1, [(1, None), (3, None)])
    ]  # they were compared with what is hidden now
    with case.read() as s:
        assert clusters.near_count(s) == (1, 2)
        assert clusters.near_group_of(s, 2) is None
        assert clusters.standing(s, "near").hidden_since
    assert found(case, "near:1") == found(case, "near:*") == [1, 3]
    assert found(case, "near:2") == []
    near.group(case)
    assert groups(case) == [(1, [(1, 100), (3, 93)])]
    with case.write() as s:
        clawback.receive_notice(s, Notice("Them", ["item 3"], reference="letter 2"))
    assert groups(case) == []
    assert found(case, "near:1") == found(case, "near:*") == []


class Stopping:
    """Cancels at the step of that number."""

    def __init__(self, number: int) -> None:
        self.left = number

    def step(self, _done: int, _total: int | None, _text: str) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_a_cancelled_run_keeps_its_sketches_and_the_groups_of_before(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketches, "BATCH_ITEMS", 2)
    add_letters(case)
    with pytest.raises(Cancelled):
        near.group(case, Stopping(1))
    with case.read() as s:
        assert clusters.standing(s, "near").made is None
    near.group(case)
    whole = groups(case)
    with case.write() as s:
        add(s, texts={"body": LETTER})
    with pytest.raises(Cancelled):
        near.group(case, Stopping(1), threshold=95)
    assert groups(case) == whole
    with case.read() as s:
        assert clusters.standing(s, "near").since == 1
    assert near.group(case).members == 4


def test_texts_that_machines_read_later_are_compared_too(case: Case) -> None:
    add_letters(case)
    near.group(case)
    with case.write() as s:
        s.execute(
            insert(machine_text).values(
                item_id=7, part="page/1", text=LETTER, engine="x", version="1", language="eng", dpi=300,
                confidence=90, pixels_sha256=b"\0" * 32, at_us=0,
            )
        )  # fmt: skip
    assert near.group(case).members == 4


@pytest.mark.parametrize(
    "untrusted",
    [
        "\x00" * 50, "\u200b".join(LETTER), "a " * 600_000, "ÀÉÎ" * 300, "😀 " * 400, "\ufffe\uffff" * 20,
        "'; DROP TABLE sketch; --" * 9, "他说" * 200, "\u202e" + LETTER[::-1], "9" * 5_000,
    ],
)  # fmt: skip
def test_hostile_texts_are_compared_or_left_out_and_never_stop_it(
    case: Case, untrusted: str
) -> None:
    with case.write() as s:
        add(s, texts={"body": untrusted})
        add(s, texts={"body": untrusted})
        add(s, texts={"body": LETTER})
    report = near.group(case)
    assert report.items + report.short + report.without == 3


def test_hidden_characters_part_no_copy(case: Case) -> None:
    with case.write() as s:
        add(s, texts={"body": LETTER})
        add(s, texts={"body": "\u200b".join(LETTER)})
        add(s, texts={"body": LETTER.replace("fi", "ﬁ")})
    near.group(case)
    assert groups(case) == [(1, [(1, 100), (2, 100), (3, 100)])]


def test_a_text_longer_than_what_is_compared_is_told(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketches, "LONGEST", 100)
    add_letters(case)
    assert near.group(case).cut == 5
