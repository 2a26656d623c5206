from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np

from casekit.analysis.usage import retries, scripts
from casekit.analysis.usage.frame import Frame
from casekit.progress import Silent
from tests.analysis.usage import logs
from tests.analysis.usage.logs import Row

Framed = Callable[[Sequence[Row]], Frame]


def test_only_what_the_same_account_asked_before_is_a_repeat(framed: Framed) -> None:
    rng = random.Random(1)
    a, b = logs.account(rng, "a"), logs.account(rng, "b")
    rows = [logs.row(rng, a, n, "same") for n in range(3)]
    rows += [logs.row(rng, a, 5, "Same"), logs.row(rng, b, 6, "same")]
    (found,) = retries.measures(framed(rows))
    assert isinstance(found, retries.Measure)
    assert (found.hits.tolist(), found.of.tolist()) == ([2, 0], [4, 1])


def test_without_prompts_it_is_refused(framed: Framed) -> None:
    rng = random.Random(1)
    row = logs.row(rng, logs.account(rng, "a"), 1, "")
    assert retries.measures(framed([row])) == "this log has no prompts"


MINUTE_US = 60_000_000


def test_a_question_put_again_in_other_words_soon_after(framed: Framed) -> None:
    rng = random.Random(1)
    a, b = logs.account(rng, "a"), logs.account(rng, "b")
    first = "tell me how the red boat crosses the wide river at night"
    again = "tell me how the red boat crosses the wide river at dawn"
    start = logs.START_US
    rows = [
        logs.row(rng, a, start, first, finish_reason="refusal"),
        logs.row(rng, a, start + MINUTE_US, again),
        logs.row(rng, a, start + 2 * MINUTE_US, again),  # a repeat, letter for letter
        logs.row(rng, a, start + 20 * MINUTE_US, first),  # too late
        logs.row(rng, b, start + MINUTE_US, again, finish_reason="refusal"),  # another account's
        logs.row(rng, b, start + 2 * MINUTE_US, "a wholly different thing is asked here"),
    ]
    rows += [
        logs.row(
            rng, b, start + n * MINUTE_US, f"sum up the page of {word} for the house in one line"
        )
        for n, word in enumerate(logs.WORDS[:25])
    ]
    frame = framed(rows)
    found = retries.rephrased(frame, scripts.read(frame, Silent()))
    assert [one.key for one in found] == ["rephrased", "insists"]
    assert (found[0].hits.tolist(), found[0].of.tolist()) == ([1, 0], [4, 27])
    assert (found[1].hits.tolist(), found[1].of.tolist()) == ([1, 0], [1, 1])


def test_without_refusals_only_the_first_is_told_and_without_times_none(framed: Framed) -> None:
    rng = random.Random(1)
    who = logs.account(rng, "a")
    frame = framed([logs.row(rng, who, 1, "one"), logs.row(rng, who, 2, "two")])
    assert [one.key for one in retries.rephrased(frame, scripts.read(frame, Silent()))] == [
        "rephrased"
    ]
    frame = framed([logs.row(rng, who, 1, "one", sent_zone="assumed:utc")])
    assert retries.rephrased(frame, scripts.read(frame, Silent())) == []


def test_what_many_accounts_put_letter_for_letter_is_in_common(framed: Framed) -> None:
    rng = random.Random(1)
    people = [logs.account(rng, f"a{n}") for n in range(4)]
    rows = [logs.row(rng, who, n, "the same") for n, who in enumerate(people)]
    rows += [logs.row(rng, people[0], 9, "mine"), logs.row(rng, people[0], 10, "by two")]
    rows += [logs.row(rng, people[1], 11, "by two"), logs.row(rng, people[2], 12, "other")]
    frame = framed(rows)
    assert retries.in_common(frame, np.arange(4)) == 0.5
    assert retries.in_common(frame, np.arange(2)) == 0.0


def test_what_few_of_many_accounts_put_is_not_in_common(framed: Framed) -> None:
    """Of twenty, a fifth are four: three are a chance."""
    rng = random.Random(1)
    people = [logs.account(rng, f"a{n:02d}") for n in range(20)]
    rows = [logs.row(rng, who, n, f"own {n}") for n, who in enumerate(people)]
    rows += [logs.row(rng, who, 30 + n, "by three") for n, who in enumerate(people[:3])]
    assert retries.in_common(framed(rows), np.arange(20)) == 0.0
    rows.append(logs.row(rng, people[3], 40, "by three"))
    assert retries.in_common(framed(rows), np.arange(20)) == 4 / 24
