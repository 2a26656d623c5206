from __future__ import annotations

from collections.abc import Callable

from casekit.progress import Silent
from casekit.search import filling, search
from casekit.search.facet_counts import FIELDS
from casekit.ui.facet_panel import FIELD_WORDS
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_every_field_has_its_words() -> None:
    assert tuple(FIELD_WORDS) == FIELDS


def test_a_click_narrows_the_list_to_what_the_count_said(window: Window, rest: Rest) -> None:
    workspace, shell = window.workspace, window.shell
    assert workspace is not None
    assert shell is not None
    filling.index_pending(shell.case, Silent())
    panel = workspace.facets
    assert panel.rows == {}  # nothing is counted while nobody looks
    window.trigger("view.filters")
    rest()
    row = panel.rows["model:meridian-r1"]
    count = int(row.count.replace(",", ""))
    row.click()
    rest()
    assert window.search.edit.text() == "model:meridian-r1"
    assert workspace.outcome is not None
    assert workspace.outcome.total == count == search(shell.case, "model:meridian-r1").total
    assert workspace.outcome.parts == ("model:meridian-r1",)
    assert panel.rows["model:meridian-r1"].isChecked()
    panel.rows["model:aurora-4"].click()  # an alternative, still in sight
    rest()
    assert window.search.edit.text() == "model:meridian-r1 OR model:aurora-4"
    workspace._drop_part(0)
    rest()
    assert window.search.edit.text() == ""
    panel.leave_out("kind:exchange")
    rest()
    assert window.search.edit.text() == "NOT kind:exchange"
    assert not any(key == "model:meridian-r1" for key in panel.rows)


def test_ranks_and_faults_are_told_and_not_counted(window: Window, rest: Rest) -> None:
    workspace = window.workspace
    assert workspace is not None
    window.trigger("view.filters")
    rest()
    query = next(iter(workspace.facets.rows))
    workspace.wanted = workspace.outcome.wanted if workspace.outcome else workspace.wanted
    workspace.change_search("cap AND (")
    rest()
    assert workspace.head._notice.text()
    workspace.facets._choose(query)  # what is listed is still the list before
    rest()
    assert window.search.edit.text() == query
    window.trigger("view.filters")
    assert workspace.sidebar.side == 0
