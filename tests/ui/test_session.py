"""The whole session in the real window, ended by SIGKILL: what was coded is there, to the last key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casekit.queries import coding, facts, items
from casekit.search import query
from casekit.store.case import open_case
from tests.ui import session

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(
    "CASEKIT_SESSION" not in os.environ,
    reason="a session of minutes whose keys a busy machine may swallow: asked for by CASEKIT_SESSION=1",
)
def test_a_killed_session_has_lost_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.session", str(tmp_path)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "CASEKIT_HOME": str(home)},
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert said == "done\n"
    wanted = session.answer_key()
    with open_case(tmp_path / "Session.casekit") as case, case.read() as s:
        ids = items.item_ids(s, query(case, session.LETTERS), order="id")
        titles = {row.id: row.title or row.name for row in items.rows(s, ids)}
        found = coding.values(s, [int(i) for i in ids])
        assert {titles[i]: found.get(i) for i in titles} == wanted
        assert len(facts.facts(s)) == 1
        assert items.count(s) == session.MAILS + 1 + 72 + session.LOG
    assert (tmp_path / "list.xlsx").stat().st_size > 0
    assert len(list((tmp_path / "shots").glob("*.png"))) >= 15
