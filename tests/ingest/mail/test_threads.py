from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest
from pyarrow import parquet

from casekit.ingest.mail.identity import read_message_ids
from casekit.ingest.mail.threads import (
    ThreadInput,
    assign_threads,
    base_subject,
    joined_by_subject,
)
from casekit.ingest.parsed import Context, Parsed
from casekit.ingest.readers.mbox import read


def message(
    key: int,
    name: str = "",
    *above: str,
    reply: str = "",
    subject: str = "",
    date: int | None = None,
) -> ThreadInput:
    return ThreadInput(key, name, above, (reply,) if reply else (), subject, date)


def groups(threads: dict[int, int]) -> set[frozenset[int]]:
    found = defaultdict(set)
    for key, root in threads.items():
        found[root].add(key)
    return {frozenset(keys) for keys in found.values()}


def test_answers_belong_to_what_they_answer_in_any_order() -> None:
    known = [
        message(1, "<a>"),
        message(2, "<b>", "<a>"),
        message(3, "<c>", "<a>", "<b>"),
        message(4, "<d>", reply="<c>"),
        message(5, "<e>"),
    ]
    expected = {1: 1, 2: 1, 3: 1, 4: 1, 5: 5}
    assert assign_threads(known) == expected
    for seed in range(10):
        random.Random(seed).shuffle(known)
        assert assign_threads(known) == expected


def test_the_earliest_message_stands_for_a_root_that_is_missing() -> None:
    known = [
        message(1, "<b>", "<gone>", date=30),
        message(2, "<c>", "<gone>", date=20),
        message(3, "", "<gone>"),
    ]
    assert assign_threads(known) == {1: 2, 2: 2, 3: 2}


def test_a_repeated_message_id_is_nobodys_parent() -> None:
    assert assign_threads([message(1, "<a>"), message(2, "<a>")]) == {1: 1, 2: 2}
    assert assign_threads([message(1), message(2)]) == {1: 1, 2: 2}


def test_a_circle_is_not_closed() -> None:
    known = [message(1, "<a>", "<b>"), message(2, "<b>", "<a>"), message(3, "<c>", "<c>")]
    assert groups(assign_threads(known)) == {frozenset({1, 2}), frozenset({3})}


def test_a_messages_own_references_outweigh_what_others_presumed() -> None:
    known = [
        message(1, "<x>"),
        message(2, "<c>", "<x>", "<b>"),
        message(3, "<b>", "<y>"),
        message(4, "<y>"),
    ]
    assert assign_threads(known) == {1: 1, 2: 4, 3: 4, 4: 4}


def test_subjects_join_threads_only_when_asked_and_say_so() -> None:
    known = [
        message(1, "<a>", subject="Limits", date=5),
        message(2, "<b>", subject="Re: [team] limits (fwd)", date=3),
        message(3, "<c>", subject="", date=1),
        message(4, "<d>", subject="", date=1),
    ]
    apart = assign_threads(known)
    assert apart == {1: 1, 2: 2, 3: 3, 4: 4}
    assert joined_by_subject(known, apart) == {1: 2}
    assert assign_threads(known, by_subject=True) == {1: 2, 2: 2, 3: 3, 4: 4}


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("", ""),
        ("Limits", "limits"),
        ("RE: Re : FW: fwd: limits", "limits"),
        ("Re[2]: limits", "limits"),
        ("[list] Re: [other] limits", "limits"),
        ("[only a blob]", "[only a blob]"),
        ("[Fwd: Re: limits]", "limits"),
        ("limits (fwd) (FWD)", "limits"),
        ("AW: WG:  two   words", "two words"),
        ("Report: limits", "report: limits"),
    ],
)
def test_base_subjects(subject: str, base: str) -> None:
    assert base_subject(subject) == base


def test_twenty_thousand_messages_take_less_than_seconds() -> None:
    """A guard against quadratic time, far from the real figure: 0.1 s where it was measured."""
    size = 20_000
    chain = [message(i, f"<{i}>", f"<{i - 1}>") for i in range(1, size)]
    begin = time.process_time()
    assert set(assign_threads(chain).values()) == {1}
    assert set(assign_threads(chain[::-1]).values()) == {1}
    assert time.process_time() - begin < 5


def thread_of_mbox(path: Path) -> list[ThreadInput]:
    found = [item for item in read(path.read_bytes(), Context()) if isinstance(item, Parsed)]
    return [
        ThreadInput(
            number,
            item.mail.message_id,
            item.mail.references,
            item.mail.in_reply_to,
            item.mail.subject,
            item.when.us if item.when else None,
        )
        for number, item in enumerate(found, 1)
        if item.mail
    ]


# Answers of THREAD=REFERENCES as published with these mailboxes (dovecot/imaptest, src/tests/thread*),
# as sets of message numbers: the order inside a thread is no matter here.
@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "expunged", "expected"),
    [
        ("thread", 0, [{1, 2, 3}]),
        ("thread", 1, [{2, 3}]),
        ("thread2", 0, [{1}, {2}]),
        ("thread4", 0, [{1, 2}]),
        ("thread6", 0, [{1, 2}]),
        ("thread7", 0, [{1, 2, 3, 4}]),
        ("thread7", 2, [{1, 3, 4}]),
    ],
)
def test_published_answers(
    corpus: Path, name: str, expunged: int, expected: list[set[int]]
) -> None:
    known = thread_of_mbox(corpus / "mbox" / "imaptest" / "src" / "tests" / f"{name}.mbox")
    known = [one for one in known if one.key != expunged]
    assert groups(assign_threads(known, by_subject=True)) == {frozenset(one) for one in expected}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "size", "same", "right", "there"),
    [
        ("r-sig-db", 1559, 1427, 0.992, 0.903),
        ("r-sig-epi", 610, 606, 1.0, 0.987),
        ("r-sig-robust", 524, 443, 0.988, 0.776),
    ],
)
def test_threads_of_real_archives(
    corpus: Path, name: str, size: int, same: int, right: float, there: float
) -> None:
    """The archives begin threads anew each month and knew References, which their data lack.

    So ours are cut at the month. `same` is how many messages lie in exactly the thread they have there;
    `right` the share of the pairs we join that are joined there, `there` of theirs that we join too.
    """
    rows = parquet.read_table(corpus / "threads" / f"{name}.parquet").to_pylist()
    found = assign_threads(
        ThreadInput(
            key, row["message_id"] or "", (), read_message_ids(row["in_reply_to"] or ""), "", None
        )
        for key, row in enumerate(rows)
    )
    threads: dict[tuple[int, str], set[int]] = defaultdict(set)
    truth: dict[str, set[int]] = defaultdict(set)
    for key, row in enumerate(rows):
        threads[found[key], row["month"]].add(key)
        truth[row["thread_id"]].add(key)
    equal = [keys for keys in threads.values() if keys in truth.values()]
    ours, theirs = pairs(threads.values()), pairs(truth.values())
    assert (len(rows), sum(map(len, equal))) == (size, same)
    assert len(ours & theirs) / len(ours) > right - 0.001
    assert len(ours & theirs) / len(theirs) > there - 0.001


def pairs(threads: Iterable[set[int]]) -> set[tuple[int, int]]:
    return {pair for keys in threads for pair in combinations(sorted(keys), 2)}


# These mailboxes come without an answer; it follows from the standard.
@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "thread3",
            [{1, 2}],
        ),  # the same ID twice: the second has none (step 1), one base subject (5)
        ("thread5", [{1, 2, 3, 4, 5}]),
        ("thread8", [{1, 2, 3}]),
    ],
)
def test_answers_by_the_standard(corpus: Path, name: str, expected: list[set[int]]) -> None:
    known = thread_of_mbox(corpus / "mbox" / "imaptest" / "src" / "tests" / f"{name}.mbox")
    assert groups(assign_threads(known, by_subject=True)) == {frozenset(one) for one in expected}
