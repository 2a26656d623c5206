from __future__ import annotations

from collections.abc import Callable

import pytest

from casekit.ops import reviews
from casekit.queries import reviews as queries
from casekit.ui.review_page import ReviewPage
from casekit.ui.second_review import DrawSecond
from casekit.ui.window import Window

Rest = Callable[..., None]


@pytest.fixture
def page(window: Window, rest: Rest) -> ReviewPage:
    assert window.shell is not None
    assert window.pages is not None
    window.shell.do("set", lambda s: reviews.make_set(s, "First", range(1, 9), batch_size=2))
    window.shell.do("done", lambda s: reviews.mark_done(s, 1, [1, 2, 3]))
    window.trigger("page.sets")
    rest()
    shown = window.pages.page("sets")
    assert isinstance(shown, ReviewPage)
    return shown


def done(window: Window) -> list[int]:
    assert window.shell is not None
    with window.shell.case.read() as s:
        return sorted(queries.done_by(s, 1, window.shell.case.actor))


def test_a_second_review_is_drawn_from_the_set_that_is_looked_at(
    window: Window, rest: Rest, page: ReviewPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.shell is not None
    monkeypatch.setattr(window.ask, "form", lambda _form: (50, 7, "B. Two", ""))
    window.trigger("review.second")
    rest()
    with window.shell.case.read() as s:
        second = queries.sets(s)[1]
    assert (second.name, second.second_of, second.total) == ("First, second review", 1, 4)
    page.choose(second.id)
    rest()
    window.trigger("review.second")
    assert "second review itself" in window.notice.text
    page.choose(1)
    rest()
    page.list_items()
    rest()
    monkeypatch.setattr(window.ask, "form", lambda _form: (10, 3, "C. Three", "Again"))
    window.trigger("review.second")
    rest()
    with window.shell.case.read() as s:
        assert queries.find(s, "Again").total == 1


def test_what_is_not_done_after_all_is_taken_back_by_batch_and_by_item(
    window: Window, rest: Rest, page: ReviewPage
) -> None:
    window.trigger("review.not_done")
    assert "Choose under Batches" in window.notice.text
    page.batches.selectRow(0)
    window.trigger("review.not_done")
    rest()
    assert done(window) == [3]
    page.batches.selectRow(0)
    window.trigger("review.not_done")
    rest()
    assert "none of these" in window.notice.text
    page.list_items()
    rest()
    assert window.workspace is not None
    window.workspace.open_item(3)
    rest()
    window.trigger("review.not_done")
    rest()
    assert done(window) == []


def test_the_form_wants_numbers_and_a_name(window: Window, page: ReviewPage) -> None:
    assert page.row is not None
    form = DrawSecond(window, page.row)
    told = []
    for share, seed, who in (("x", "1", "B"), ("0", "1", "B"), ("10", "1", " "), ("10", "1", "B")):
        form.share.setText(share)
        form.seed.setText(seed)
        form.reviewer.setText(who)
        form.check()
        told.append(form.trouble.text())
    assert [t[:12] for t in told[:3]] == ["▲ Percent an", "▲ The share ", "▲ Say who re"]
    assert form.result() == form.DialogCode.Accepted
    form.deleteLater()
