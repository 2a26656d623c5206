from __future__ import annotations

from pathlib import Path

import pytest

from casekit.analysis.usage import prices
from casekit.errors import CaseKitError
from casekit.store.case import Case

HEAD = "model,from,to,input,output,cached,currency,source,source_date,cached_in_input\n"
LIST = "https://prices.example/list"
ROW = f"larch-2,2026-01-01,2026-01-31,3,15.50,0.3,usd,{LIST},2026-01-05,yes\n"


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "prices.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_table_is_read_and_kept_whole_in_a_finding(tmp_path: Path) -> None:
    later = "larch-2,2026-02-01,,3,12,,USD,Item 7,,\n\n"
    found = prices.read(written(tmp_path, "\ufeff" + HEAD + later + ROW))
    first, second = found.rows
    assert (first.output, first.currency, first.cached_in_input) == ("15.50", "USD", True)
    assert first.until_us == second.from_us == 1_769_904_000_000_000
    assert (second.last, second.until_us, second.source, second.item_id) == (
        None,
        None,
        "item 7",
        7,
    )
    assert prices.from_body(prices.to_body(found)) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff\xfe", "not in UTF-8"),
        ("", "has no column model"),
        (HEAD, "has no rows"),
        ("model,from,input,output,currency\nx,2026-01-01,1,1,USD\n", "has no column source"),
        (HEAD + ROW + ROW, "overlap"),
        (HEAD + ROW.replace("2026-01-31", "2025-12-31"), "ends before it begins"),
        (
            HEAD + ROW.replace("2026-01-01", "1 January 2026"),
            "Line 2 of the prices: from must be a day",
        ),
        (HEAD + ROW.replace("2026-01-31", "9999-12-31"), "to must be a day"),
        (HEAD + ROW.replace("15.50", "-1"), "output must be a number"),
        (HEAD + ROW.replace("15.50", "1e3"), "output must be a number"),
        (HEAD + ROW.replace("3,15.50", '"3,15",50'), "input must be a number"),
        (HEAD + ROW.replace(",3,15.50,", ",,,"), "neither input nor output"),
        (HEAD + ROW.replace("usd", "$"), "no currency code"),
        (HEAD + ROW.replace(LIST, "the vendor"), "must be a web address"),
        (HEAD + ROW.replace("2026-01-05", ""), "source_date"),
        (HEAD + ROW.replace("yes", "maybe"), "yes, no or empty"),
        (HEAD + ROW.replace("\n", ",more\n"), "more values than columns"),
        (HEAD + '"open', "is not CSV after line"),
    ],
)
def test_a_wrong_table_is_refused_in_words(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(CaseKitError, match=why):
        prices.read(written(tmp_path, text))


def test_a_missing_file_and_a_cited_item_that_is_not_there_are_refused(
    case: Case, tmp_path: Path
) -> None:
    with pytest.raises(CaseKitError, match="cannot be read"):
        prices.read(tmp_path / "none.csv")
    cited = prices.read(written(tmp_path, HEAD + ROW.replace(LIST, "item 7")))
    with case.read() as s, pytest.raises(CaseKitError, match="item 7, which is not in this case"):
        prices.check_sources(s, cited)
