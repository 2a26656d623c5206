from casekit.dossier.assemble import Entry
from casekit.dossier.part_sheet import goes_on, outline_of
from casekit.dossier.parting import Span, stretches
from casekit.dossier.wording import wording

OUTLINE = [
    Entry("Cover", "COVER"),
    Entry("Exhibits", "EX-A-1", tuple(
        Entry(f"A-{n}  Title {n}", f"EX-A-{n}", label=f"A-{n}") for n in (1, 2, 3)
    )),
    Entry("Chain of custody", "CUSTODY"),
]  # fmt: skip
PLACES = {"COVER": 1, "EX-A-1": 2, "EX-A-2": 3, "EX-A-3": 9, "CUSTODY": 12}
SPANS = [Span(1, 3, 1, 4), Span(2, 3, 5, 8), Span(3, 3, 9, 14)]


def titles(part: int) -> list[tuple[str, str, list[tuple[str, str]]]]:
    found = stretches(OUTLINE, PLACES, 14)
    made = outline_of(OUTLINE, SPANS[part - 1], SPANS, found, wording("neutral"))
    return [(e.title, e.dest, [(u.title, u.dest) for u in e.under]) for e in made]


def test_the_first_part_says_where_all_else_is() -> None:
    assert titles(1) == [
        ("Cover", "COVER", []),
        ("Part 1 of 3", "PART-1", []),
        ("Exhibits", "EX-A-1", [
            ("A-1  Title 1", "EX-A-1"), ("A-2, part 1  Title 2", "EX-A-2"),
            ("A-3  Title 3 (part 3, page 9)", ""),
        ]),
        ("Chain of custody (part 3, page 12)", "", []),
    ]  # fmt: skip


def test_the_others_say_what_they_hold() -> None:
    on = goes_on(SPANS[1])
    assert titles(2) == [
        ("Part 2 of 3", "PART-2", []), ("Exhibits", on, [("A-2, part 2  Title 2", on)]),
    ]  # fmt: skip
    assert titles(3) == [
        ("Part 3 of 3", "PART-3", []), ("Exhibits", "EX-A-3", [("A-3  Title 3", "EX-A-3")]),
        ("Chain of custody", "CUSTODY", []),
    ]  # fmt: skip
