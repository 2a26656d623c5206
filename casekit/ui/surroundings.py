"""What surrounds a record in time: the documents in force, and what the same account asked near it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casekit.i18n import tr
from casekit.sentences import translated
from casekit.ui.time_words import row_when, when_text

if TYPE_CHECKING:
    from casekit.errors import CaseKitError
    from casekit.queries.in_force import Assent, InForce, Stood, Version
    from casekit.queries.items import ItemView
    from casekit.queries.neighbours import Group, Neighbour
    from casekit.ui.reading import ReadingPage
    from casekit.ui.shell import Shell

SHARED_WORDS = {"account": "Same account", "api_key": "Same API key", "ip": "Same IP address"}
GAP_WIDTH = 16
TITLE_CHARACTERS = 90


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was read for one record.

    Attributes:
        ends: The first and last instant that its time may be; None where it has none that counts.
        stood: Documents and what was published of them; `documents` is how many the case has.
        groups: Neighbours in time.
        refused: Why nothing could be read; empty: it was.
    """

    ends: tuple[int, int] | None
    documents: int
    stood: Sequence[Stood]
    groups: Sequence[Group]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What the viewer asks for of a record's surroundings.

    Attributes:
        read: Reads them and hands them over.
        passage: Goes to an item and a passage in it.
        touched: Makes a fact that cites a clause, as item and passage, with the record that is shown.
    """

    read: Callable[[ItemView, Callable[[Surroundings], None]], None]
    passage: Callable[[int, tuple[str, int, int]], None]
    touched: Callable[[int, tuple[str, int, int]], None]


def around_of(shell: Shell) -> Around:
    """The surroundings of what is shown in a case's window."""

    def passage(item_id: int, place: tuple[str, int, int]) -> None:
        if shell.window.workspace is not None:
            shell.window.workspace.open_passage(item_id, place)

    def touched(item_id: int, place: tuple[str, int, int]) -> None:
        from casekit.ops.facts import NewCite
        from casekit.ui.making_facts import make_fact_of, place_text

        view = shell.selection.view
        if view is None:
            return
        clause, record = NewCite(item_id, *place), NewCite(view.row.id)
        title = " ".join((view.row.title or view.row.name).split())[:60]
        about = tr("It cites the clause, {place}, and the record {title}.",
                   place=place_text(clause), title=title)  # fmt: skip
        make_fact_of(shell.window, clause, [clause, record], about)

    return Around(lambda view, done: read_surroundings(shell, view, done), passage, touched)


def read_surroundings(shell: Shell, view: ItemView, done: Callable[[Surroundings], None]) -> None:
    """Read what surrounds a record off the window's thread, also where that is refused."""

    def query(s: Any) -> Surroundings:
        from casekit.queries.in_force import documents, stood
        from casekit.queries.neighbours import neighbours
        from casekit.queries.times import reach

        ends = reach(view.row.time, view.sent_resolution_us)
        found = stood(s, *ends, str(view.exchange.get("account", ""))) if ends else []
        return Surroundings(ends, len(documents(s)), found, neighbours(s, view.row.id))

    def failed(error: CaseKitError) -> None:
        shell.window.refuse(error)
        done(Surroundings(None, 0, (), (), translated(error)))

    shell.read("surroundings", query, done, failed)


def lay_surroundings(page: ReadingPage, view: ItemView, around: Surroundings | None) -> None:
    """Write both on a page; while they are being read it says so."""
    page.section(tr("Documents in force"))
    if around is None:
        page.line((tr("Being read …"), "quiet"))
        return
    if around.refused:
        page.line((around.refused, "warn"))
        return
    _documents(page, view, around)
    page.section(tr("Neighbours in time"))
    if around.ends is None:
        page.line((_no_time(view), "quiet"))
    elif not around.groups:
        page.line((tr("The record names no account, API key or IP address."), "quiet"))
    for group in around.groups:
        _group(page, view, group)


def _no_time(view: ItemView) -> str:
    if view.row.time.state == "left-out":
        return tr("Its time is left out by decision, so nothing is said of what stood beside it.")
    return tr("It has no time, so nothing is said of what stood beside it.")


def _documents(page: ReadingPage, view: ItemView, around: Surroundings) -> None:
    if not around.documents:
        page.line(
            (
                tr(
                    "No terms, policy or contract was entered. Open the item that holds one and choose "
                    "“Version of a document …” in the menu Facts."
                ),
                "quiet",
            )
        )
        return
    if around.ends is None:
        page.line((_no_time(view), "quiet"))
        return
    first, last = around.ends
    if when_text(first) != when_text(last):
        span = tr("from {first} to {last} UTC", first=when_text(first), last=when_text(last))
        words = tr(
            "The time is not exact: {span}. Every version of that stretch is named.", span=span
        )
        page.line(("≈ " + words, "warn"), below=2)
    if not view.exchange.get("account"):
        page.line(
            (tr("It names no account: evidence that concerns one alone is not shown."), "quiet")
        )
    for each in around.stood:
        page.line(
            (each.document.name, "bold"), (f"   {each.document.party}", "quiet"), above=4
        )  # fmt: skip
        for one in each.found:
            _version(page, one, first)


def _version(page: ReadingPage, one: InForce, first_us: int) -> None:
    if one.version is None:
        page.line((tr("No version was published then."), "quiet"))
        return
    dates = tr("published {date}", date=one.version.published)
    if one.version.until_us is not None:
        dates += tr(", until {date} UTC", date=when_text(one.version.until_us))
    page.line(
        (tr("Version "), "quiet"), (one.version.label, f"link:item:{one.version.item_id}"),
        (f"   {dates}", "quiet"),
    )  # fmt: skip
    _clauses(page, one.version)
    _evidence(page, tr("Evidence of notice: "), one.notices, first_us)
    _evidence(page, tr("Evidence of acceptance: "), one.acceptances, first_us)


def _clauses(page: ReadingPage, version: Version) -> None:
    """Each clause leads to its passage, and to a fact that cites it with the record."""
    if not version.clauses:
        return
    parts = [(tr("Clauses: "), "quiet")]
    for n, one in enumerate(version.clauses):
        place = f"{version.item_id}:{one.start}:{one.stop}:{one.part}"
        parts += [
            ("; " if n else "", "quiet"), (one.label, f"link:passage:{place}"), (" (", "quiet"),
            (tr("cite with this record"), f"link:touched:{place}"), (")", "quiet"),
        ]  # fmt: skip
    page.line(*parts)


def _evidence(page: ReadingPage, head: str, found: Sequence[Assent], first_us: int) -> None:
    parts = [(head, "quiet")]
    for one in found:
        if len(parts) > 1:
            parts.append(("; ", "quiet"))
        parts.append((tr("item {n}", n=str(one.item_id)), f"link:item:{one.item_id}"))
        whose = one.account or tr("all accounts")
        late = tr(", may be later than the record") if one.from_us > first_us else ""
        parts.append((f" ({one.dated}, {whose}{late})", "quiet"))
    page.line(*(parts if found else [*parts, (tr("none"), "ink")]))


def _group(page: ReadingPage, view: ItemView, group: Group) -> None:
    page.line((tr(SHARED_WORDS[group.name]), "bold"), (f"   {group.value}", "mono"), above=4)
    if group.united:
        others = ", ".join(group.united)
        page.line(
            (tr("united with {accounts}: their records are among these", accounts=others), "quiet")
        )
    _farther(page, group.cut_before)
    for each in group.before:
        _neighbour(page, each)
    page.line(
        (row_when(view.row), "ink"), ("0 s".rjust(GAP_WIDTH), "mono"),
        (f"   {tr('this record')}", "bold"),
    )  # fmt: skip
    for each in group.after:
        _neighbour(page, each)
    _farther(page, group.cut_after)


def _neighbour(page: ReadingPage, each: Neighbour) -> None:
    row = each.row
    title = " ".join((row.title or row.name).split())
    cut = title[:TITLE_CHARACTERS] + (" …" if len(title) > TITLE_CHARACTERS else "")
    page.line(
        (row_when(row), f"link:item:{row.id}"), (gap_text(each.gap_us).rjust(GAP_WIDTH), "mono"),
        (f"   {row.model or '–'}", "ink"), (f"   {cut}", "quiet"),
    )  # fmt: skip


def _farther(page: ReadingPage, cut: bool) -> None:
    if cut:
        from casekit.queries.neighbours import WITHIN

        page.line((tr("no more among the {n} items on this side", n=WITHIN), "quiet"))


def gap_text(gap_us: int) -> str:
    """A gap in seconds with its sign, to the millisecond where it is not whole: `+1,204 s`, `−0.250 s`."""
    whole = gap_us % 1_000_000 == 0
    size = f"{abs(gap_us) // 1_000_000:,}" if whole else f"{abs(gap_us) / 1e6:,.3f}"
    return f"{'−' if gap_us < 0 else '+' if gap_us else ''}{size} s"
