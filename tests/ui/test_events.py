from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.queries import events
from casekit.ui.events import EventForm
from casekit.ui.window import Window


def test_what_is_missing_or_no_date_is_said_in_the_form(window: Window) -> None:
    form = EventForm(window, title="", starts="soon")
    form.check()
    assert "is no date" in form.trouble.text()
    form.starts.setText("2026-03")
    form.check()
    assert "Say what happened." in form.trouble.text()
    form.zone.setCurrentText("Nowhere/Town")
    form.check()
    assert "no way to read a time" in form.trouble.text()
    form.deleteLater()


def test_an_item_is_put_on_the_timeline_with_its_own_time(
    window: Window, rest: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workspace is not None
    assert window.shell is not None
    window.workspace.open_item(351)
    rest()
    monkeypatch.setattr(EventForm, "answer", EventForm.values)
    window.trigger("timeline.event")
    rest()
    with window.shell.case.read() as s:
        (row,) = events.events(s)
    assert (row.item_id, row.starts, row.zone) == (351, "2026-01-14 09:12:44", "UTC")
    assert row.title == "Night-time traffic on the gateway looks flat"
