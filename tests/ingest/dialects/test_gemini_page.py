from __future__ import annotations

import pytest

from casekit.clock import from_us
from casekit.ingest.dialects.chat import LOCAL
from casekit.ingest.dialects.gemini_page import LETTERS, activity_time
from casekit.ingest.reading import format_of
from tests.ingest.chat_page_case import read
from tests.ingest.records_case import texts

HEAD = '<html><head><title>My Activity History</title></head><body><div class="mdl-grid">'


def cell(
    said: str,
    time: str = "May 1, 2025, 10:00:00\u202fAM CEST",
    answer: str = "",
    of: str = "Gemini Apps",
) -> str:
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        f'<div class="header-cell mdl-cell"><p class="mdl-typography--title">{of}<br></p></div>'
        f'<div class="content-cell mdl-cell mdl-typography--body-1">{said}<br>{time}<br>{answer}'
        '</div><div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--text-right"></div>'
        '<div class="content-cell mdl-cell mdl-typography--caption"><b>Products:</b><br>&emsp;Gemini Apps</div>'
        "</div></div>"
    )


def page(*cells: str) -> bytes:
    return f"{HEAD}{''.join(cells)}</div></body></html>".encode()


ASKED = cell(
    'Prompted&nbsp;Why <a href="https://x.y/">it</a><br>so?',
    answer="<p>So <b>it</b> is.</p><ul><li>a</li></ul>",
)
PAGE = page(
    ASKED, cell("Created Gemini Canvas titled Sky"),
    cell("Perguntou Por quê?", "10 de mai. de 2026, 03:46:09 BRT", "<p>Assim.</p>"),
    cell("Prompted&nbsp;And?", "May 19, 2026, 7:07:02 PM GMT-03:00"),
)  # fmt: skip


def test_every_cell_is_an_item_of_its_own() -> None:
    assert format_of(PAGE, "x.html") == "gemini-page"
    (asked, made, foreign, open_), problems, books = read(PAGE)
    assert (problems, books.quarantined) == ([], 0)
    assert [each.kind for each in (asked, made, foreign, open_)] == [
        "exchange",
        "record",
        "exchange",
        "request",
    ]
    assert texts(asked) == {"prompt": "Why it\nso?", "output": "So it is.\na"}
    assert texts(made) == {"body": "Created Gemini Canvas titled Sky"}
    assert texts(foreign) == {"prompt": "Perguntou Por quê?", "output": "Assim."}
    assert (foreign.when, [each.kind for each in foreign.problems]) == (None, ["no-time"])
    assert foreign.exchange is not None
    assert '"time_shown":"10 de mai. de 2026, 03:46:09 BRT"' in foreign.exchange.extra
    assert asked.exchange is not None
    assert (asked.exchange.provider, '"links":["https://x.y/"]' in asked.exchange.extra) == (
        "google",
        True,
    )
    assert asked.when is not None
    assert asked.when.zone == LETTERS


@pytest.mark.parametrize(("shown", "moment", "zone"), [
    ("May 19, 2026, 7:07:02 PM GMT-03:00", "2026-05-19 22:07:02", "explicit"),
    ("May 19, 2026, 7:07:02\u202fPM GMT+5", "2026-05-19 14:07:02", "explicit"),
    ("May 19, 2026, 7:07:02 PM UTC", "2026-05-19 19:07:02", "explicit"),
    ("19 May 2026, 19:07:02 CEST", "2026-05-19 19:07:02", LETTERS),
    ("May 19, 2026, 7:07:02 PM", "2026-05-19 19:07:02", LOCAL),
])  # fmt: skip
def test_times_are_read_with_the_rule_for_their_zone(shown: str, moment: str, zone: str) -> None:
    found = activity_time(shown)
    assert found is not None
    assert (f"{from_us(found.us):%Y-%m-%d %H:%M:%S}", found.zone, found.raw) == (
        moment,
        zone,
        shown,
    )


def test_a_page_with_a_long_style_and_pages_of_other_products() -> None:
    style = b"<style>" + b".a { color: red }\n" * 5000 + b"</style></head>"
    data = PAGE.replace(b"</head>", style)
    assert format_of(data, "x.html") == "gemini-page"
    assert [texts(each) for each in read(data)[0]] == [texts(each) for each in read(PAGE)[0]]
    other = page(cell("Searched for boats", of="Search"))
    assert format_of(other, "x.html") == "html"
    (document,), _, _ = read(other.replace(b"</head>", style))
    assert document.kind == "document"


def test_a_truncated_page_gives_the_cells_before_its_end() -> None:
    whole = [texts(each) for each in read(PAGE)[0]]
    for cut in range(len(page(ASKED)), len(PAGE), 151):
        items, _, _ = read(PAGE[:cut])
        assert [texts(each) for each in items[:-1]] == whole[: len(items) - 1]


@pytest.mark.parametrize("spoiled", [
    cell("", "", ""), cell("Prompted&nbsp;", "12:00 2025"), cell("<div>" * 300, "x"),
    cell("a", "May 99, 2025, 99:99 PM"), '<div class="outer-cell x"></div>',
    '<div class="outer-cell x"><div class="content-cell"><br><br><br></div></div>',
    cell("a", "May 1, 2025, 1:00 PM GMT+99:99"),
])  # fmt: skip
def test_a_hostile_cell_costs_no_other(spoiled: str) -> None:
    items, _, books = read(page(ASKED, spoiled, ASKED))
    assert [texts(each).get("output") for each in items].count("So it is.\na") == 2
    assert books.quarantined == 0
