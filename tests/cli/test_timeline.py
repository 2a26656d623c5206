from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from casekit.cli import run
from casekit.store.case import create_case
from tests.builders import file_items, make_exchange, make_mail


def test_the_timeline_counts_and_events_are_put_changed_and_dropped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with create_case(tmp_path / "T", "A v. B") as case:
        asked = make_exchange("Q", "A", "m", account="acct-1")
        asked.columns |= {"sent_us": 1_767_225_600_000_000, "sent_zone": "explicit"}
        mail = make_mail("Hi", "a@x.example", "b@x.example", 1_767_312_000_000_000)
        file_items(case, [asked, mail], tmp_path)
        folder = str(case.folder)

    def told(*arguments: str) -> str:
        assert run(["timeline", folder, *arguments]) == 0
        return capsys.readouterr().out

    assert "put on the timeline" in told(
        "event", "Aurora-4", "--on", "2026-01-02", "--kind", "release", "--item", "2"
    )
    assert "changed" in told("change", "1", "--until", "2026-01-03")
    found = orjson.loads(told("--by", "day", "--group", "account", "--json"))
    assert [s["start"][:10] for s in found["stretches"]] == ["2026-01-01", "2026-01-02"]
    assert found["stretches"][0]["by_group"] == {"acct-1": 1}
    assert found["stretches"][1]["letters"] == 1
    (event,) = found["events"]
    assert (event["title"], event["starts"], event["ends"], event["item_id"]) == (
        "Aurora-4",
        "2026-01-02",
        "2026-01-03",
        2,
    )
    said = told("--by", "day", "--from", "2026-01-02")
    assert "2026-01-02" in said
    assert "2026-01-01T" not in said
    assert "event 1: 2026-01-02 … 2026-01-03 (UTC) release: Aurora-4, item 2" in said
    assert "2 items on the axis" in said
    told("drop", "1")
    assert orjson.loads(told("--json"))["events"] == []
    assert run(["timeline", folder, "event", "Nothing", "--on", "soon"]) == 2
    assert "is no date" in capsys.readouterr().err
