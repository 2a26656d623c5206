from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.dossier.volume import Wish
from casekit.jobs import production
from casekit.ops import sendings
from casekit.queries.issued import Issued, Sending
from casekit.ui import issued_list
from casekit.ui.window import Window
from tests.builders import decide_all

Rest = Callable[..., None]


def test_the_register_tells_what_changed_and_where_it_went() -> None:
    sent = Sending(1, "Brandt\u202e LLP", "counsel", "portal", "2026-03-14", "", "ann")
    one = Issued(
        2, "dossier", "Evidence", 0, "ab" * 32, 4, "filing", "A-1", 3, 1, (4,), (3,), True, (sent,)
    )
    said = issued_list.register_text([one])
    assert said.splitlines()[4:] == [
        "    Against version 1: items in 1, out 1 · redactions changed",
        "    → Brandt⟨U+202E⟩ LLP (counsel), 2026-03-14, portal",
    ]


def test_it_opens_from_the_menu(
    window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.trigger("issued.list")
    rest()
    assert window.notice.text == "Nothing was issued yet."
    assert window.shell is not None
    case = window.shell.case
    decide_all(case)
    production.write(case, production.plan(case, "id:1", Wish(prefix="ABC")), tmp_path)
    with case.write() as s:
        sendings.add_sending(s, 1, "Brandt LLP", "disk", "2026-03-14")
    told: list[str] = []
    monkeypatch.setattr(window.ask, "report", lambda *given: told.append(given[3]))
    window.trigger("issued.list")
    rest()
    assert "VOL001" in told[0]
    assert "ABC-0000001" in told[0]
    assert "→ Brandt LLP, 2026-03-14, disk" in told[0]
