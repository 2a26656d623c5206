from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from casekit.ops import canaries as canary_ops
from casekit.store.case import open_case
from casekit.ui.finding_question import Question
from casekit.ui.findings_page import FindingsPage
from casekit.ui.new_finding import NewFinding
from casekit.ui.table_field import TableField
from casekit.ui.window import Window
from tests.analysis import test_own
from tests.analysis.usage import logs
from tests.builders import file_items, make_exchange

Rest = Callable[..., None]

SHARED = "the old harbour master counted seven lanterns before the tide came in that night"


def page_of(window: Window) -> FindingsPage:
    assert window.pages is not None
    page = window.pages.page("findings")
    assert isinstance(page, FindingsPage)
    return page


def answer_many(window: Window, folder: Path) -> None:
    """Twenty prompts that a subject, a source and a control answered."""
    assert window.shell is not None
    heads = []
    for n in range(20):
        prompt = f"Tell me story number {n}."
        heads += [
            make_exchange(prompt, f"Once {n}: {SHARED} {n}, and so on.", "subject-7b"),
            make_exchange(prompt, f"It was so: {SHARED} {n}, they say.", "source-4"),
            make_exchange(prompt, f"A tale of its own, number {n}.", "control-1"),
        ]
    with open_case(window.shell.case.folder) as other:
        file_items(other, heads, folder)


def test_a_finding_is_computed_kept_read_and_computed_again(
    window: Window, rest: Rest, tmp_path: Path
) -> None:
    assert window.workspace is not None
    answer_many(window, tmp_path)
    window.show_page("findings")
    rest()
    page = page_of(window)
    page.compute(Question("overlap", "subject-7b", ("source-4",), ("control-1",)))
    rest(lambda: page.list.count() == 1)
    assert page.list.currentItem().text() == "F-1  Shared wording of subject-7b and source-4"
    page._again(1)
    rest(lambda: "same bytes" in page.view.again.text())
    assert page.view.again.text() == "✓ The same bytes came out."
    page._query("source-4", 'model:"source-4"')
    rest()
    assert window.workspace.scope.query == 'model:"source-4"'
    assert window.workspace.outcome is not None
    assert window.workspace.outcome.total == 20


def test_what_the_data_cannot_support_is_refused_and_not_kept(window: Window, rest: Rest) -> None:
    window.show_page("findings")
    page = page_of(window)
    page.compute(Question("overlap", "meridian-r1", ("aurora-4",), ("halden-2",)))
    rest(window.notice.isVisible)
    assert "Only 12 prompts were answered by all" in window.notice.text
    assert page.list.count() == 0


def test_own_methods_scores_and_canaries_are_computed_from_the_window(
    window: Window, rest: Rest, tmp_path: Path
) -> None:
    answer_many(window, tmp_path)
    assert window.shell is not None
    with window.shell.case.write() as s:
        canary_ops.make_set(s, "first", served=1, decoys=19)
    method, scores = tmp_path / "m.py", tmp_path / "scores.json"
    method.write_text(test_own.METHOD)
    scores.write_text(json.dumps(test_own.SCORES))
    window.show_page("findings")
    page = page_of(window)
    asked = [
        Question("own", "subject-7b", controls=("control-1",), method=method),
        Question("scores", scores=scores),
        Question("canaries", "subject-7b", controls=("control-1",), canaries="first"),
    ]
    for n, question in enumerate(asked, 1):
        page.compute(question)
        rest(lambda n=n: page.list.count() == n)
    titles = [row.title for row, _ in page.rows.values()]
    assert titles[0].endswith(": subject-7b")
    assert titles[2] == "Canaries “first” in subject-7b"
    assert [row.kind for row, _ in page.rows.values()] == ["own", "own", "canaries"]
    page.compute(Question("scores", scores=tmp_path / "none.json"))
    rest(window.notice.isVisible)
    assert "“none.json” cannot be read" in window.notice.text


def test_an_experts_method_that_runs_on_is_ended_by_cancel(
    window: Window, rest: Rest, qtbot: QtBot, tmp_path: Path
) -> None:
    answer_many(window, tmp_path)
    assert window.shell is not None
    method = tmp_path / "endless.py"
    method.write_text(test_own.with_body("progress(1, 2)\n    while True: pass",
                                         "def compare(answers, controls, seed, progress)"))  # fmt: skip
    window.show_page("findings")
    page = page_of(window)
    page.compute(Question("own", "subject-7b", controls=("control-1",), method=method))
    jobs = window.shell.jobs
    qtbot.waitUntil(lambda: any(job.total == 2 for job in jobs.waiting()))
    (job,) = [job for job in jobs.waiting() if job.lane == "long"]
    job.cancel()
    rest()
    assert page.list.count() == 0


def test_a_new_finding_is_asked_for_from_anywhere(window: Window, rest: Rest) -> None:
    window.trigger("finding.new")
    rest(lambda: window.findChildren(NewFinding))
    (dialog,) = window.findChildren(NewFinding)
    assert dialog.subject.count() >= 3
    dialog.close()


def test_kinds_of_networks_are_given_in_the_form_and_kept_with_their_hash(
    window: Window, rest: Rest, tmp_path: Path
) -> None:
    assert window.shell is not None
    rows = list(logs.ordinary(2, 40, 160))
    with open_case(window.shell.case.folder) as other:
        file_items(other, [logs.exchange_of(row) for row in rows], tmp_path)
    kinds = tmp_path / "asn.csv"
    kinds.write_text(f"asn,kind,source,source_date\n{rows[0]['asn']},vpn,a registry,2026-01-02\n")
    window.show_page("findings")
    page = page_of(window)
    rest()
    page.ask()
    rest(lambda: window.findChild(NewFinding) is not None)
    dialog = window.findChild(NewFinding)
    assert dialog is not None
    dialog.kind.setCurrentIndex(dialog.kind.findData("usage"))
    field = dialog.files["networks"]
    assert isinstance(field, TableField)
    field.edit.setText(str(kinds))
    dialog.check()
    rest(lambda: page.list.count() == 1)
    assert window.findChild(NewFinding) is None
    ((row, _),) = page.rows.values()
    sha256 = hashlib.sha256(kinds.read_bytes()).hexdigest()
    kept = [[rows[0]["asn"], "vpn", "a registry", "2026-01-02"]]
    assert row.body["networks"] == {"file": "asn.csv", "sha256": sha256, "rows": kept}
    kinds.unlink()
    page._again(row.id)
    rest(lambda: "same bytes" in page.view.again.text())
