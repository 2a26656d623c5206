from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from casekit.ui.collect_forms import Designed
from casekit.ui.collect_page import CollectPage
from casekit.ui.window import Window
from tests.jobs.test_collecting import approval
from tests.protocol_server import Server

Rest = Callable[..., None]


def shown(page: CollectPage) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in page.view.widget().findChildren(QLabel))


def test_a_set_is_designed_approved_and_asked_in_the_window(
    window: Window, rest: Rest, tmp_path: Path
) -> None:
    assert window.pages is not None
    assert window.shell is not None
    window.show_page("collect")
    rest()
    page = window.pages.page("collect")
    assert isinstance(page, CollectPage)
    assert "No prompt set yet" in shown(page)
    (tmp_path / "list.txt").write_text("Why is the sky blue?\nName three rivers.\n")
    page.design(Designed("first", "Q?", "r1", (), (), tmp_path / "list.txt", 9, 1, 0.5, 64, ""))
    rest(lambda: page.list.count() == 1)
    assert "2 of 2 prompts, each 1 times, temperature 0.5, up to 64 tokens" in shown(page)
    with Server() as there:
        from casekit.ops import collecting as ops

        window.shell.do("approve", lambda s: ops.approve(s, "first", approval(there.url)))
        rest(lambda: "0 of 2 questions done" in shown(page))
        assert "at most 128 answered; at most 0.00 USD" in shown(page)
        page.collect("first", "meridian-r1", "sk-quokka-99")
        rest(lambda: "2 of 2 questions done" in shown(page))
    assert "answered 2" in shown(page)
    assert "operator T. Okafor" in shown(page)
