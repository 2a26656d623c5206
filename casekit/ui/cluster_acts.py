"""What is done with near-duplicates, topics and named clusters: found, named, listed, queued, coded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from casekit.i18n import tr, tr_count
from casekit.ui.asking_again import until_taken
from casekit.ui.sidebar import quoted
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.progress import Progress
    from casekit.ui.asking_again import Again
    from casekit.ui.clusters_page import ClustersPage
    from casekit.ui.shell import Shell
    from casekit.ui.window import Window

PAGE = "clusters"
NAMED = "named"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group that is looked at.

    Attributes:
        kind: `near`, `topic` or `named`.
        number: Of the group, the topic or the named cluster.
        label: As it is called on screen; `query`: what finds it.
        items: How many it holds.
    """

    kind: str
    number: int
    label: str
    query: str
    items: int


def page_shown(window: Window) -> ClustersPage | None:
    """The page of clusters, where it is what is looked at."""
    from casekit.ui.clusters_page import ClustersPage

    if window.pages is None or window.pages.current != PAGE:
        return None
    page = window.pages.page(PAGE)
    return page if isinstance(page, ClustersPage) else None


def _chosen(window: Window) -> Chosen | None:
    """The group that is chosen on the page; None, and a word about it, where there is none."""
    page = page_shown(window)
    found = page.chosen() if page is not None else None
    if found is None:
        window.say(tr("Choose a group on the page Clusters first (Ctrl+9)."))
    return found


def _with_items(window: Window, found: Chosen, done: Callable[[list[int]], None]) -> None:
    """Read the items of a group, off the window's thread."""
    assert window.shell is not None

    def query(s: Any) -> list[int]:
        from casekit.queries import clusters

        if found.kind == NAMED:
            return list(clusters.items_of_named(s, found.number))
        return clusters.members_of(s, found.kind, found.number)

    window.shell.read("cluster", query, done)


# -- finding --------------------------------------------------------------------------------------


def find_near(window: Window) -> None:
    """Group near-duplicates at the threshold that the page shows, as a job that can be stopped."""
    page = _raised(window)
    if page is None or window.shell is None:
        return
    case, threshold = window.shell.case, page.threshold()

    def work(progress: Progress) -> Any:
        from casekit.search import near

        return near.group(case, progress, threshold=threshold)

    def done(report: Any) -> None:
        window.say(tr("{groups} of {items} near-duplicates at {percent} %.",
                      groups=tr_count("1 group", "{n} groups", report.groups),
                      items=f"{report.members:,}", percent=report.threshold))  # fmt: skip
        _found(window)

    page.show_kind("near")
    window.shell.jobs.start(tr("Finding near-duplicates"), work, done, window.refuse, lane="long")


def find_topics(window: Window) -> None:
    """Sort the items into topics, as a job that can be stopped."""
    page = _raised(window)
    if page is None or window.shell is None:
        return
    case, number = window.shell.case, page.number()

    def work(progress: Progress) -> Any:
        from casekit.search import topics

        return topics.group(case, progress, number=number)

    def done(report: Any) -> None:
        window.say(tr("{topics} of {items}; without a vector: {without}.",
                      topics=tr_count("1 topic", "{n} topics", report.topics),
                      items=tr_count("1 item", "{n} items", report.items), without=report.without))  # fmt: skip
        _found(window)

    page.show_kind("topic")
    window.shell.jobs.start(tr("Finding topics"), work, done, window.refuse, lane="long")


def _raised(window: Window) -> ClustersPage | None:
    window.show_page(PAGE)
    return page_shown(window)


def _found(window: Window) -> None:
    page = page_shown(window)
    if page is not None:
        page.read()
    if window.workspace is not None:
        window.workspace.refresh()


# -- using ----------------------------------------------------------------------------------------


def name_group(window: Window) -> None:
    """Ask for a name and keep what the group holds now under it; a named one is called otherwise."""
    found, shell = _chosen(window), window.shell
    if found is None or shell is None:
        return
    about = tr("Its items stay under this name, however groups fall later")
    until_taken(
        window,
        lambda: window.ask.text(tr("Name a cluster"), about, found.label),
        partial(_name, window, shell, found),
    )


def _name(window: Window, shell: Shell, found: Chosen, asked: str, again: Again) -> None:
    def rename(s: Any) -> Any:
        from casekit.ops import clusters as ops

        return ops.rename(s, found.number, asked)

    def keep(member: tuple[list[int], dict[str, Any]]) -> None:
        def name(s: Any) -> Any:
            from casekit.ops import clusters as ops

            return ops.name_items(s, found.kind, asked, *member)

        shell.do("name cluster", name, lambda changes: window.say(changes.label), again=again)

    def membership(s: Any) -> tuple[list[int], dict[str, Any]]:
        from casekit.queries import clusters

        return clusters.membership(s, found.kind, found.number)

    if found.kind == NAMED:
        shell.do("rename cluster", rename, lambda changes: window.say(changes.label), again=again)
    else:
        shell.read("cluster", membership, keep)


def forget(window: Window) -> None:
    """Take the named cluster away; undo brings it back."""
    found, shell = _chosen(window), window.shell
    if found is None or shell is None:
        return
    if found.kind != NAMED:
        window.say(tr("Only a name can be taken away: choose one under Named."))
        return

    def work(s: Any) -> Any:
        from casekit.ops import clusters as ops

        return ops.forget(s, found.number)

    shell.do("forget cluster", work, lambda changes: window.say(changes.label))


def make_set(window: Window) -> None:
    """Make a review set of the chosen group, after asking for its name and batches."""
    from casekit.ui.review_sets import MakeSet

    found, shell = _chosen(window), window.shell
    if found is None or shell is None:
        return

    def ask() -> tuple[str, int, int | None, int | None] | None:
        form = MakeSet(window, found.items)
        form.name.setText(found.label)
        return window.ask.form(form)

    until_taken(window, ask, partial(_make_set, window, shell, found))


def _make_set(
    window: Window, shell: Shell, found: Chosen, asked: tuple[str, int, int | None, int | None],
    again: Again,
) -> None:  # fmt: skip
    name, batch, sample, seed = asked

    def make(ids: Sequence[int]) -> None:
        def work(s: Any) -> Any:
            from casekit.ops import reviews

            return reviews.make_set(
                s, name, ids, query=found.query, batch_size=batch, sample=sample, seed=seed
            )

        shell.do("review set", work, lambda changes: window.say(changes.label), again=again)

    _with_items(window, found, make)


def list_items(window: Window) -> None:
    """List the chosen group in Review, as a search that finds it."""
    found = _chosen(window)
    if found is not None and window.workspace is not None:
        window.workspace.show_query(found.label, found.query)


def code_items(window: Window) -> None:
    """Code all items of the chosen group in one act, after seeing how many have it already."""
    from casekit.ui import coding_many

    found = _chosen(window)
    if found is not None:
        _with_items(window, found, lambda ids: coding_many.code_many(window, ids, (), found.label))


def list_near(window: Window) -> None:
    """List what is nearly the same as the item that is shown."""
    shell, workspace = window.shell, window.workspace
    if shell is None or workspace is None or shell.selection.current is None:
        return
    item_id = shell.selection.current

    def query(s: Any) -> tuple[bool, bool]:
        from casekit.queries import clusters

        made = clusters.standing(s, clusters.NEAR).made is not None
        return made, clusters.near_group_of(s, item_id) is not None

    def arrived(told: tuple[bool, bool]) -> None:
        made, there = told
        if there:
            workspace.show_query(tr("Near-duplicates of item {id}", id=item_id), f"near:{item_id}")
        elif made:
            window.say(
                tr("No other item is nearly the same as this one, at the threshold last used.")
            )
        else:
            window.say(
                tr("Near-duplicates were not looked for yet: see the page Clusters (Ctrl+9).")
            )

    shell.read("near", query, arrived)


def query_of(kind: str, number: int, name: str = "") -> str:
    """What finds a group: `near:ITEM`, `topic:NUMBER` or `cluster:NAME`."""
    return f"cluster:{quoted(name)}" if kind == NAMED else f"{kind}:{number}"


def label_of(name: str) -> str:
    """A title as a name for a group: on one line, and not too long for one."""
    said = " ".join(shown(name).split())
    return said if len(said) <= 60 else f"{said[:59]}…"
