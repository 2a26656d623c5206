from __future__ import annotations

import gzip
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casekit.ingest import ingest
from casekit.ops import items as item_ops
from casekit.queries import runs
from casekit.store.case import Case
from casekit.ui.reports import Reports, report_text
from tests.evidence import write_log


def test_every_import_can_be_looked_up(
    dressed: QApplication, qtbot: QtBot, case: Case, tmp_path: Path
) -> None:
    write_log(tmp_path / "a.jsonl", 12)
    with (tmp_path / "a.jsonl").open("ab") as f:
        f.write(b'{"cut": \n')
    report = ingest(case, [tmp_path / "a.jsonl"])
    with case.write() as s:
        item_ops.start_run(s, '["cut off"]', "none")
    with case.read() as s:
        found = runs.runs(s)
    dialog = Reports(None, found)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert dialog.list.count() == 2
    assert [dialog.list.item(n).text().partition(" · ")[0] for n in (0, 1)] == ["2", "1"]
    assert dialog.list.item(0).text().endswith("cut off, or still at work")
    assert dialog.list.item(1).text().endswith(" UTC · items: 12")
    assert "never: it was cut off" in dialog.text.toPlainText()
    dialog.list.setCurrentRow(1)
    text = dialog.text.toPlainText()
    assert text == report_text(found[1])
    understood = report.formats["jsonl"].understood
    for what, value in (
        ("Items", "12"), ("Bytes", f"{report.bytes_total:,}"), ("  understood", f"{understood:,}"),
        ("  kept, not read", f"{report.bytes_total - understood:,}"),
        ("  read before", "0 in 0 files"), ("Problems", "1"),
    ):  # fmt: skip
        assert f"{what}\t{value}" in text
    assert "▲ a.jsonl:13: " in text
    assert "inside these files" not in text


def test_a_report_says_what_became_of_the_files_inside(case: Case, tmp_path: Path) -> None:
    packed = b'{"prompt": "p", "output": "o"}\n{"cut": \n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(packed))
    ingest(case, [tmp_path / "a.jsonl.gz"])
    with case.read() as s:
        (run,) = runs.runs(s)
    lines = [" ".join(line.split()) for line in report_text(run).splitlines()]
    at = lines.index("gzip files: 1, items: 1")
    assert lines[at : at + 5] == [
        "gzip files: 1, items: 1",
        "understood: 100 % of the bytes",
        "no-time: 1",
        "jsonl inside these files: 1",
        f"understood: {3200 / len(packed):.4g} % of the bytes",
    ]
