from __future__ import annotations

import time
from itertools import pairwise

import pytest

from casekit.queries.quotes import quoted_spans


def marked(text: str) -> list[tuple[str, str]]:
    spans = quoted_spans(text)
    assert [start for start, _, _ in spans] == sorted(start for start, _, _ in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    return [(text[start:stop], kind) for start, stop, kind in spans]


def test_quoted_lines_and_the_line_that_says_whose_they_are() -> None:
    text = "Yes.\n\nOn Mon, 5 Jan 2026, Ann wrote:\n> One\n>> two\n\nNo.\n> three\nBye\n-- \nBob\n"
    assert marked(text) == [
        ("On Mon, 5 Jan 2026, Ann wrote:\n> One\n>> two\n", "quote"),
        ("> three\n", "quote"),
        ("-- \nBob\n", "signature"),
    ]


def test_an_attribution_may_be_broken_in_two_and_stand_in_other_languages() -> None:
    text = "x\n\nAm 5. Januar 2026 um 10:00 schrieb Ann Example\n<ann@lab.example>:\n\n> Ja\n"
    # the second line holds no verb: only the address, so what is quoted begins with the mark
    assert marked(text) == [("> Ja\n", "quote")]
    text = "x\n\nLe lun. 5 janv. 2026 à 10:00, Ann Example\n<ann@lab.example> a écrit :\n> Oui\n"
    assert marked(text) == [(text[3:], "quote")]


@pytest.mark.parametrize(
    "rest",
    [
        "-----Original Message-----\nFrom: Ann\nSubject: x\n\nOld\n",
        "---------- Forwarded message ---------\nFrom: Ann\n",
        "Begin forwarded message:\n\nOld",
        "________________________________\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: x\n\nOld",
        "Von: Ann\nGesendet: Montag\nAn: Bob\nBetreff: x\n\nAlt",
        "发件人: Ann\n发送时间: 2026\n收件人: Bob\n主题: x\n\nAlt",
        "On Mon, Jan 5, 2026 at 10:00 Ann <ann@lab.example> wrote:\nOld without marks",
    ],
)
def test_all_behind_the_mark_of_an_older_message_is_quoted(rest: str) -> None:
    assert marked("New.\n\n" + rest) == [(rest, "quote")]


def test_a_mailing_lists_footer_is_a_signature_and_a_signature_ends_at_a_quotation() -> None:
    footer = "_" * 47 + "\nR-sig mailing list\nhttps://list.example\n"
    assert marked("Text\n" + footer) == [(footer, "signature")]
    assert marked("-- \nBob\n> old\n") == [("-- \nBob\n", "signature"), ("> old\n", "quote")]


def test_plain_texts_have_none() -> None:
    for text in ("", "Hello", "a > b", "From: here to there\n", "---\n", "1 -- \n2"):
        assert marked(text) == []


def test_hostile_texts_are_read_in_no_time() -> None:
    begin = time.process_time()
    for piece in (
        "> \n",
        "-- \n",
        "From: a\n",
        "-----",
        "On a wrote:\n",
        "_" * 30 + "\n",
        ">\n\n",
        "\n",
    ):
        quoted_spans(piece * 100_000)
    assert time.process_time() - begin < 10


def test_an_answer_between_lines_marked_with_bars_is_left_alone() -> None:
    assert marked("On 4 July 2010, Ann Example wrote:\n| Question\n\nAnswer\n") == []
