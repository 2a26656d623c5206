from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit import settings
from casekit.jobs import demo
from casekit.search import language
from casekit.ui import guide
from casekit.ui.actions import BY_ID
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_the_guide_goes_through_its_steps_and_stays_closed(window: Window, rest: Rest) -> None:
    assert window.pages is not None
    line = window.pages.guide
    assert not line.isVisible()  # another matter
    line.offer(guide.SAMPLE)
    assert line.isVisible()
    assert (line.title.text(), line.back.isEnabled()) == ("1 of 10   Look around", False)
    line.show_me.click()
    rest()
    assert window.pages.current == "overview"
    line.next.click()
    line.next.click()
    line.back.click()
    line.show_me.click()
    rest()
    assert (window.pages.current, window.search.edit.text()) == (
        "review", "kind:mail subject:letter",
    )  # fmt: skip
    for _ in range(len(guide.STEPS) - 1):
        assert line.next.text() == ("Done" if line.number == 9 else "Next")
        line.next.click()
    assert not line.isVisible()
    line.offer(guide.SAMPLE)
    assert not line.isVisible()
    assert settings.load().guided is False


def test_asked_for_it_comes_back_or_opens_the_sample_first(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.pages is not None
    assert window.shell is not None
    window.pages.guide.dismiss()
    opened: list[bool] = []
    monkeypatch.setattr(window, "open_sample", lambda: opened.append(True))
    window.trigger("help.guide")
    assert (opened, settings.load().guided) == ([True], True)
    monkeypatch.setattr(guide, "SAMPLE", window.shell.case.name)
    window.trigger("help.guide")
    assert opened == [True]
    assert window.pages.guide.isVisible()


def test_every_step_can_be_shown(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    assert guide.SAMPLE == demo.NAME
    assert window.workspace is not None
    asked: list[str] = []
    monkeypatch.setattr(window, "trigger", asked.append)
    monkeypatch.setattr(window.workspace, "run_search", lambda text, mode: asked.append(text))
    for step in guide.STEPS:
        step.show(window)
    assert len(asked) == len(guide.STEPS)
    for each in asked:
        if each not in BY_ID:
            language.parse(each)
