from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ingest import ingest, templates
from casekit.ingest.templates import Template
from casekit.queries import items
from casekit.store.case import Case

COLUMNS = ("wer", "wann", "frage", "antwort")
MAPPING = json.dumps(
    {
        "prompt": "frage",
        "output": "antwort",
        "account": "wer",
        "time": {"column": "wann", "zone": "Europe/Berlin", "format": "%d.%m.%Y %H:%M"},
    }
)
TABLE = (
    "wer;wann;frage;antwort\nk-1;05.01.2026 13:30;Warum?;Darum.\nk-2;06.07.2026 13:30;Wann?;Dann.\n"
)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))


def test_a_mapping_is_kept_replaced_and_forgotten() -> None:
    templates.save(Template("Acme/../log", COLUMNS, MAPPING))
    assert templates.saved() == [Template("Acme/../log", COLUMNS, MAPPING)]
    templates.save(Template("Acme/../log", COLUMNS[1:], MAPPING))
    assert templates.for_context() == (("Acme/../log", COLUMNS[1:], MAPPING),)
    templates.remove("Acme/../log")
    assert templates.saved() == []
    with pytest.raises(CaseKitError, match="No mapping"):
        templates.remove("Acme/../log")


@pytest.mark.parametrize(("name", "mapping"), [(" ", MAPPING), ("x", "{}"), ("x", '{"prompt": 7}')])
def test_what_is_no_mapping_is_not_kept(name: str, mapping: str) -> None:
    with pytest.raises(CaseKitError):
        templates.save(Template(name, COLUMNS, mapping))
    assert templates.saved() == []


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    templates.save(Template("x", COLUMNS, MAPPING))
    (tmp_path / "home" / "config" / "mappings" / "a.json").write_text('{"name": ')
    assert [each.name for each in templates.saved()] == ["x"]


def test_the_next_file_of_the_same_columns_is_recognised(case: Case, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    templates.save(Template("Kundenlog", COLUMNS, MAPPING))
    report = ingest(case, [tmp_path / "a.csv"])
    assert (report.items, [p["kind"] for p in report.problems]) == (2, ["mapped-by-template"])
    assert "Kundenlog" in report.problems[0]["text"]
    with case.read() as s:
        first, second = (items.view(s, n) for n in (1, 2))
    assert (first.text("prompt"), first.text("output"), first.row.account) == (
        "Warum?",
        "Darum.",
        "k-1",
    )
    assert (first.sent_raw, first.sent_zone) == (
        "05.01.2026 13:30",
        "assumed:the mapping says Europe/Berlin",
    )
    assert (first.row.sent_us, second.row.sent_us) == (
        1767616200000000,  # 12:30 UTC in winter
        1783337400000000,  # 11:30 UTC in summer
    )
    assert first.sent_resolution_us == 60_000_000


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        (
            '{"prompt": "q", "colour": "c"}',
            "fills colour, which there is not; there are: system, prompt",
        ),
        ('{"prompt": 3}', "says of prompt is none of"),
        ('{"prompt": "q", "output": {"join": []}}', "says of output is none of"),
        (
            '{"prompt": "q", "time": {"column": "t", "zone": "Mars/Base"}}',
            "says of time is none of",
        ),
        ('{"model": "m"}', "neither a prompt nor an output"),
        ('{"prompt": {"const": "the same"}}', "neither a prompt nor an output"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(mapping: str, said: str) -> None:
    with pytest.raises(CaseKitError, match=said):
        templates.check(mapping)
    templates.check(MAPPING)
