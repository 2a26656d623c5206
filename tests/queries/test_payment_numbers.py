from __future__ import annotations

from collections.abc import Sequence

import pytest

from casekit.queries.payment_numbers import Span, find_cards, find_ibans

CARDS = {
    "4": (13, 16, 19), "51": (16,), "2221": (16,), "2720": (16,), "34": (15,), "37": (15,),
    "300": (14,), "3095": (14,), "36": (14, 19), "38": (16,), "3528": (16, 19), "3589": (16,), "2131": (15,),
    "1800": (15,), "6011": (16, 19), "644": (16,), "65": (16,), "62": (16, 17, 18, 19), "8171": (16, 19),
    "5018": (13, 15, 19), "56": (16,), "6759": (14, 16, 18), "508": (16,), "2200": (16, 19), "2205": (16,),
    "1946": (16,), "8600": (16,), "9410": (16,), "9112": (16,), "9558": (19,), "9682": (16,), "9704": (16, 19),
    "9792": (16,), "9860": (16,), "1016": (15,),
}  # fmt: skip
"""First digits of each issuer, and lengths of its numbers."""
NUMBERS = [(begin, length) for begin, lengths in CARDS.items() for length in lengths]
GROUPS = {
    13: ((4, 4, 5), (4, 4, 4, 1), (4, 3, 3, 3)), 14: ((4, 6, 4),), 15: ((4, 6, 5), (4, 5, 6)),
    16: ((4, 4, 4, 4),), 17: (), 18: (), 19: ((4, 4, 4, 4, 3),),
}  # fmt: skip
"""As numbers are printed on cards."""
LOOSE = {16: ((8, 8),), 17: ((4, 4, 4, 4, 1),), 18: ((4, 4, 4, 4, 2),), 19: ((6, 13), (8, 11))}
SIGNS = (" ", "-", " -", "\u00a0", "\u202f", "\u2013", "\u2011", "\u3000", "\u00ad")
ENDS = ("\n", "\r\n", " \n", "-\n", "\n ")
FULL_WIDTH = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}
AROUND = (
    ("", ""), ("paid with card ", ", thanks"), ("no", "!"), ("12 ", " 12/27"), ("12 ", " 123"), ("1.5 ", " 2"),
    ("id 1234567 ", " 1764350000"), ("4111 1111 1111 1111 ", " 5555 5555 5555 4444"), ("1234\n", "\n1234"),
)  # fmt: skip


def checked(begin: str, length: int) -> str:
    """A number of this length with the check digit of ISO/IEC 7812-1."""
    body = begin + "7294058163"[: length - 1 - len(begin)]
    body += "3" * (length - 1 - len(body))
    total = sum(sum(divmod(int(c) * (2 - n % 2), 10)) for n, c in enumerate(body[::-1]))
    return body + str(-total % 10)


def parted(number: str, groups: Sequence[int], signs: Sequence[str]) -> str:
    made, at = "", 0
    for n, length in enumerate(groups):
        made += (signs[(n - 1) % len(signs)] if n else "") + number[at : at + length]
        at += length
    return made


def assert_covered(found: list[Span], before: str, shape: str, behind: str) -> None:
    start, stop = len(before), len(before) + len(shape)
    assert any(a <= start and stop <= b for a, b in found), before + shape + behind


@pytest.mark.parametrize(("begin", "length"), NUMBERS)
def test_a_card_is_found_however_it_is_written(begin: str, length: int) -> None:
    number = checked(begin, length)
    shapes = [number, *(parted(number, g, signs) for g in GROUPS[length] for signs in SIGNS)]
    if begin[0] != "1":  # of such digits most are figures
        shapes += [parted(number, each, " ") for each in LOOSE.get(length, ())]
    shapes += [each.translate(FULL_WIDTH) for each in shapes]
    for shape in shapes:
        for before, behind in AROUND:
            assert_covered(find_cards(f"{before}{shape}{behind}"), before, shape, behind)


@pytest.mark.parametrize(("begin", "length"), NUMBERS)
def test_a_card_as_it_is_printed_is_found_with_dots_and_over_the_end_of_a_line(
    begin: str, length: int
) -> None:
    number = checked(begin, length)
    for groups in GROUPS[length]:
        spaced, dotted = (parted(number, groups, sign) for sign in " .")
        gaps = [n for n, c in enumerate(spaced) if c == " "]
        shapes = [dotted, *(f"{spaced[:n]}{end}{spaced[n + 1 :]}" for n in gaps for end in ENDS)]
        shapes += [f"{spaced[: gaps[-1] - 2]}\n{spaced[gaps[-1] - 2 :]}"] if length == 16 else []
        for shape in shapes:
            for before, behind in (("", ""), ("card ", ", thanks"), ("on 1/2/26 ", "\n12/27.")):
                assert_covered(find_cards(f"{before}{shape}{behind}"), before, shape, behind)


def test_a_form_has_a_box_for_each_digit() -> None:
    boxed = " ".join("4111111111111111")
    for before, behind in (("", ""), ("Card no.: ", "\nName"), ("\n", " ")):
        assert_covered(find_cards(before + boxed + behind), before, boxed, behind)
    assert find_cards(f"{boxed}\n{boxed}") == []  # a grid
    assert find_cards(f"0 {boxed}") == []


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112, 9000000000000007, 0.4111111111111111, 1000000000000008",
        "1000 4111 1111 1111 1111 1000",  # one figure of a table is like the other
        "1000-4111-1111-1111-1111-1000",
        "12 345 678 901 234 567, 4 111 111 111 111 111, 4.111.111.111.111.111",
        "1 4 11 1111 1111 1111 11",
        "1990 2019 1890 457",
        "41111111\n11111111\n",  # a column of figures
        "4111 1111\n1111 1111\n1111 1111\n",
        "4111\n1111\n1111\n1111",
        "4111.1111 1111.1111, 4111.1111.1111.1111.1111.1, v4111.1111.1111.1111",
        "a-4111111111111111 or 4111111111111111-",
        "6.1111111111111111 5 5.0",
    ],
)
def test_figures_are_no_cards(text: str) -> None:
    assert find_cards(text) == []


def test_cards_in_a_row_are_found_each() -> None:
    cards = ["4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005"]
    for some in (cards, cards[::-1], [*cards, "0000"], ["0000", *cards]):
        text = " ".join(some)
        assert "".join(text[a:b] + " " for a, b in find_cards(text)).split() == (
            " ".join(each for each in some if each != "0000").split()
        )


def iban(country: str, length: int) -> str:
    body = ("7A02B" * 7)[: length - 4]
    check = 98 - int("".join(str(int(c, 36)) for c in f"{body}{country}00")) % 97
    return f"{country}{check:02d}{body}"


@pytest.mark.parametrize("sign", ["", " ", "\u00a0", "-", "\u2011", "."])
@pytest.mark.parametrize(
    "country", ["BE16", "NO15", "DE22", "ES24", "GB22", "MT31", "RU33", "XX34"]
)
def test_an_account_is_found_however_it_is_written(country: str, sign: str) -> None:
    number = iban(country[:2], int(country[2:]))
    fours = [number[n : n + 4] for n in range(0, len(number), 4)]
    shapes = [sign.join(fours), f"{sign.join(fours[:2])}\n{sign.join(fours[2:])}"]
    shapes += [each.translate(FULL_WIDTH) for each in shapes]
    if not country.startswith("XX"):  # known
        shapes += [each.lower() for each in shapes] + [f"{number[:7]} {number[7:]}"]
    for shape in shapes:
        for before, behind in (
            ("", ""), ("to ", " today"), ("", " BANK"), ("AB12 ", " AB12"),
            ("BE68 5390 0754 7034 ", " BE68 5390 0754 7034"),
        ):  # fmt: skip
            assert_covered(find_ibans(f"{before}{shape}{behind}"), before, shape, behind)


@pytest.mark.parametrize(
    "text",
    [
        "GB28 NWBK 6016 1331 9268 19",
        "gB29nWBK60161331926819",
        "xGB29NWBK60161331926819, GB29NWBK60161331926819x, GB29NWBK60161331926819_1",
        "GB29 NWBK 6016 1331 9268",
        "GB29 NWBK\n6016 1331\n9268 19",
        iban("GB", 23),
        iban("XX", 34).lower(),
        f"{iban('XX', 34)[:7]} {iban('XX', 34)[7:]}",
    ],
)
def test_what_is_no_account(text: str) -> None:
    assert find_ibans(text) == []
