from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.ops import redactions as ops
from casekit.queries import items
from casekit.queries.redactions import (
    RUN,
    WithheldWords,
    find_preset,
    find_words,
    redactions,
    withheld_texts,
)
from casekit.store.case import Case
from tests.builders import file_items, make_item


@pytest.mark.parametrize(
    ("preset", "text", "found"),
    [
        ("ssn", "SSN 078-05-1120, not 000-12-3456 nor 1078-05-1120", ["078-05-1120"]),
        ("card", "pay 4111 1111 1111 1111, not 4111 1111 1111 1112", ["4111 1111 1111 1111"]),
        ("iban", "to GB29 NWBK 6016 1331 9268 19 today", ["GB29 NWBK 6016 1331 9268 19"]),
        ("card", "4111-1111-1111-1111 123, 12 5555555555554444 and 3782 822463 10005",
         ["4111-1111-1111-1111", "5555555555554444", "3782 822463 10005"]),
        ("card", "2019 2020 2021 2022, 0.4111111111111111, 1 4 11 1111 1111 1111 11, 9000000000000007", []),
        ("iban", "BE68 5390 0754 7034 BANK, DE89370400440532013000, not GB28 NWBK 6016 1331 9268 19",
         ["BE68 5390 0754 7034", "DE89370400440532013000"]),
        ("email", "j.lindqvist@counsel.example, @here", ["j.lindqvist@counsel.example"]),
        ("phone", "+49 30 1234 5678, (212) 555-0199; v 1.2.3.4 of 2025-11-02",
         ["+49 30 1234 5678", "(212) 555-0199"]),
        ("key", "sk-proj-7Fq2Ld91aaaa and skill", ["sk-proj-7Fq2Ld91aaaa"]),
        ("birthdate", "born 1981-02-30x 1981-02-28", ["1981-02-28"]),
        ("birthdate", "DOB: 02/28/1981, Born on February 28, 1981; geboren am 28.2.1981",
         ["02/28/1981", "February 28, 1981", "28.2.1981"]),
        ("birthdate", "date of birth 28th of February 1981, 出生日期：1981年2月28日, née le 28 février 1981",
         ["28th of February 1981", "1981年2月28日", "28 février 1981"]),
        ("birthdate", "paid 02/28/1981 and on February 28, 1981", []),
        ("ssn", "SSN 123456789, social security number: 123-45-6789, part no. 123456789",
         ["123456789", "123-45-6789"]),
        ("taxid", "EIN 12-3456789, ITIN 912-78-1234, tax ID no. 123 456 789; order 912-04-1234, ABC-0000001",
         ["12-3456789", "912-78-1234", "123 456 789"]),
        ("nino", "QQ 12 34 56 C, AB123456C, BG123456A, AB 12 34 56 C.", ["AB123456C", "AB 12 34 56 C"]),
        ("account", "Account No. 0012 3456 78; acct #1234567, 账号：6222020200112233445 or account 12345",
         ["0012 3456 78", "1234567", "6222020200112233445"]),
    ],
)  # fmt: skip
def test_what_has_a_known_form_is_found(preset: str, text: str, found: list[str]) -> None:
    assert [text[a:b] for a, b in find_preset(text, preset)] == found


def test_words_are_found_whole_in_any_case_and_over_line_ends() -> None:
    text = "Ann  Lee and ann\nLEE, but not Joann Lee or Ann Leeds"
    assert [text[a:b] for a, b in find_words(text, " Ann Lee ")] == ["Ann  Lee", "ann\nLEE"]
    assert find_words(text, " ") == []
    assert find_words("a.b (c)", "b (c") == [(2, 6)]


def places(passage: str, text: str) -> list[str]:
    return [text[a:b] for a, b, _ in WithheldWords([("1", passage)]).places(text)]


@pytest.mark.parametrize(
    ("passage", "text", "found"),
    [
        ("Bob", "bob, BOB’s and Bobby", ["bob", "BOB"]),
        ("the secret merger with Halden Labs", "no: the  secret, merger\nWITH others",
         ["the  secret, merger\nWITH"]),
        ("the secret merger with Halden Labs", "a secret merger was near", []),
        ("078-05-1120", "id 078051120 or 078 05 1120", ["078051120", "078 05 1120"]),
        ("秘密合并协议", "关于秘密合并的说明", ["秘密合并"]),
        ("***", "a *** b", ["***"]),
        ("Straße 5", "strasse 5", ["strasse 5"]),
        ("Zoë Müller", "Zoe\u0308 Mu\u0308ller.eml", ["Zoe\u0308 Mu\u0308ller"]),
        ("Zoe\u0308 Mu\u0308ller", "by ZOË MÜLLER", ["ZOË MÜLLER"]),
        ("Ravensworth", "Ra\u00advens\u200bworth’s", ["Ra\u00advens\u200bworth"]),
        ("Quill", "Ｑｕｉｌｌ", ["Ｑｕｉｌｌ"]),
        ("秘密合并协议", "ABC秘密合并x", ["秘密合并"]),
        ("4111 1111 1111 1111", "no. 00-4111111111111111-7", ["00-4111111111111111-7"]),
        ("4111 1111 1111 1111", "no. ４１１１１１１１１１１１１１１１", ["４１１１１１１１１１１１１１１１"]),
        ("한국어 비밀", "한국어 비밀", ["한국어 비밀"]),
    ],
)  # fmt: skip
def test_withheld_words_are_found_again_however_they_are_set(
    passage: str, text: str, found: list[str]
) -> None:
    assert places(passage, text) == found


@given(
    st.text(alphabet="ab cd.\n", min_size=1),
    st.text(alphabet="ab cd.\n"),
    st.text(alphabet="ab cd.\n"),
)
def test_a_passage_is_always_found_where_it_stands(passage: str, before: str, after: str) -> None:
    if passage.strip():
        text = f"{before} {passage} {after}"
        covered = set()
        for start, stop, _ in WithheldWords([("x", passage)]).places(text):
            covered |= set(range(start, stop))
        at = len(before) + 1
        letters = {at + n for n, c in enumerate(passage) if c.isalnum()}
        assert letters <= covered


def test_any_run_of_a_long_passage_is_enough() -> None:
    words = [f"word{n}" for n in range(12)]
    for at in range(len(words) - RUN + 1):
        assert places(" ".join(words), "x " + " ".join(words[at : at + RUN]) + " y")
    assert not WithheldWords([])


def test_a_redaction_counts_in_the_first_text_of_its_part(case: Case, tmp_path: Path) -> None:
    made = make_item("a")
    made.texts = [("body", "plain secret"), ("body", "another text of the same part")]
    file_items(case, [made], tmp_path)
    with case.write() as s:
        ops.redact(s, [(1, "body", 6, 12)], "privacy")
    with case.read() as s:
        assert [text for _, text in withheld_texts(s)] == ["secret"]


def test_rows_come_with_the_words_they_withhold(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a"), make_item("b")], tmp_path)
    with case.write() as s:
        ops.redact(s, [(2, "body", 4, 8), (1, "body", 0, 3)], "privacy", authority="Rule 5.2")
    with case.read() as s:
        assert [(r.item_id, text) for r, text in withheld_texts(s)] == [(1, "The"), (2, "text")]
        assert [r.item_id for r in redactions(s, [2])] == [2]
        assert items.view(s, 2).redactions == tuple(redactions(s, [2]))
