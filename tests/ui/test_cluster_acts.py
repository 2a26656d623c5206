from __future__ import annotations

from collections.abc import Callable

from casekit.search import near
from casekit.ui import cluster_acts
from casekit.ui.coding_many import CodeMany
from casekit.ui.window import Window

Rest = Callable[..., None]


def test_a_group_is_found_by_a_query_and_called_by_a_short_title() -> None:
    assert cluster_acts.query_of("near", 12) == "near:12"
    assert cluster_acts.query_of("topic", 3) == "topic:3"
    assert cluster_acts.query_of("named", 1, "two words") == 'cluster:"two words"'
    assert cluster_acts.label_of("A\nletter \u202e") == "A letter ⟨U+202E⟩"
    assert len(cluster_acts.label_of("x" * 90)) == 60


def test_a_group_is_coded_with_the_usual_preview(window: Window, rest: Rest) -> None:
    from casekit.ops import templates

    assert window.shell is not None
    near.group(window.shell.case, threshold=50)
    window.shell.do("templates", templates.take_usual)
    rest()
    window.trigger("page.clusters")
    rest()
    window.trigger("clusters.code")
    rest()
    (form,) = window.findChildren(CodeMany)
    assert form.said.text()
    form.reject()
