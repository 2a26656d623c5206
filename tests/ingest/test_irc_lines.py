from __future__ import annotations

import pytest

from casekit.ingest.irc_lines import IrcLine, day_in, day_of, irc_line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("12:34 < ann> hi  there", IrcLine((0, 0, 0), (12, 34, None), "12:34", "ann", "", "hi  there")),
        ("12:34 <@ann> hi", IrcLine((0, 0, 0), (12, 34, None), "12:34", "ann", "", "hi")),
        ("12:34  * ann waves", IrcLine((0, 0, 0), (12, 34, None), "12:34", "ann", "action", "waves")),
        ("12:34 -!- ann [a@b] has joined #c",
         IrcLine((0, 0, 0), (12, 34, None), "12:34", "", "event", "ann [a@b] has joined #c")),
        ("[12:34:56] <ann> hi", IrcLine((0, 0, 0), (12, 34, 56), "12:34:56", "ann", "", "hi")),
        ("[12:34:56] *** Joins: ann (a@b)",
         IrcLine((0, 0, 0), (12, 34, 56), "12:34:56", "", "event", "Joins: ann (a@b)")),
        ("Jan 02 12:34:56 <ann>\thi", IrcLine((0, 1, 2), (12, 34, 56), "Jan 02 12:34:56", "ann", "", "hi")),
        ("2020-01-02 12:34:56\t@ann\thi: x",
         IrcLine((2020, 1, 2), (12, 34, 56), "2020-01-02 12:34:56", "ann", "", "hi: x")),
        ("2020-01-02 12:34:56\t *\tann waves",
         IrcLine((2020, 1, 2), (12, 34, 56), "2020-01-02 12:34:56", "ann", "action", "waves")),
        ("2020-01-02 12:34:56\t-->\tann (a@b) has joined",
         IrcLine((2020, 1, 2), (12, 34, 56), "2020-01-02 12:34:56", "", "event", "ann (a@b) has joined")),
        ("25:00 <ann> hi", None),
        ("Xyz 02 12:34:56 <ann> hi", None),
        ("12:34 plain", None),
        ("<ann> hi", None),
        ("", None),
    ],
)  # fmt: skip
def test_each_program_s_lines_are_read(line: str, expected: IrcLine | None) -> None:
    assert irc_line(line) == expected


def test_days_are_told_by_lines_and_names() -> None:
    assert day_of("--- Log opened Wed Jan 01 12:34:56 2020") == (2020, 1, 1)
    assert day_of("--- Day changed Thu Jan 02 2020") == (2020, 1, 2)
    assert day_of("**** BEGIN LOGGING AT Wed Jan  1 12:34:56 2020") == (2020, 1, 1)
    assert day_of("--- Day changed Thu Foo 02 2020") is None
    assert day_in("#c_20200131.log") == (2020, 1, 31)
    assert day_in("2020-01-31.log") == (2020, 1, 31)
    assert (day_in("#c.log"), day_in("20201399.log"), day_in("120200131.log")) == (None, None, None)
