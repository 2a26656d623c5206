"""Commands on facts: what is stated, on what it rests, when it was, and to which elements it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import facts as ops
from casekit.queries import facts as queries
from casekit.queries.facts import CiteRow, FactRow
from casekit.queries.moments import When
from casekit.store.case import open_case

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_MOST = 110


def _options(*made: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(made):
            command = option(command)
        return command

    return add


_words = _options(
    click.option("--status", type=click.Choice(queries.STATUSES), help="How it stands between the sides."),
    click.option("--disputed-by", help="Who disputes it, in words."),
    click.option("--material", type=click.Choice(queries.MATERIAL), help="Whether it matters."),
    click.option("--on", "on_", metavar="DATE", help="When it was: 2026-03-14, 2026-03-14 09:30, 2026-03."),
    click.option("--before", metavar="DATE", help="It was before then."),
    click.option("--after", metavar="DATE", help="It was after then."),
    click.option("--about", metavar="DATE", help="It was at about that time."),
    click.option("--between", nargs=2, metavar="DATE DATE", help="It went on, or was, between the two."),
    click.option("--zone", default="UTC", help="In which the date is read: UTC, +08:00, Asia/Shanghai."),
    click.option("--who", multiple=True, help="Who is in it; may be repeated."),
)  # fmt: skip
_place = _options(
    click.option("--item", "item_id", type=int, help="The item that is cited."),
    click.option("--part", help="Of a passage: the part, such as body or output."),
    click.option("--from", "start", type=int, help="Its first character, from 0."),
    click.option("--to", "stop", type=int, help="The character after its last."),
    click.option("--page", type=int, help="Of a page: its number, from 1."),
    click.option("--finding", "finding_id", type=int, help="The finding that is cited."),
    click.option("--contradicts", is_flag=True, help="It speaks against the fact."),
    click.option("--note", default="", help="What there is to say of the citation."),
)  # fmt: skip


@click.group("fact", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--status", type=click.Choice(queries.STATUSES), help="Only those of this status.")
@click.option("--element", "element_id", type=int, help="Only those that go to this element.")
@click.option("--item", "item_id", type=int, help="Only those that cite this item.")
@click.option("--uncited", is_flag=True, help="Only those that nothing supports yet.")
@click.option("--unevaluated", is_flag=True, help="Only those whose status or weight is unsure.")
@_json
@click.pass_context
def fact_command(
    context: click.Context, case: Path, status: str | None, element_id: int | None, item_id: int | None,
    uncited: bool, unevaluated: bool, as_json: bool,
) -> None:  # fmt: skip
    """List the facts of CASE in order of time; `add`, `cite`, `link`, `status` and others change them."""
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        rows = queries.facts(s, item_id=item_id)
    for row in rows:
        if (
            (status is None or row.status == status)
            and (element_id is None or element_id in {one.element_id for one in row.links})
            and not (uncited and row.is_supported)
            and not (unevaluated and not row.is_unevaluated)
        ):
            _print(row, as_json)


@fact_command.command("show")
@click.argument("fact_id", metavar="ID", type=int)
@_json
@click.pass_obj
def show_command(path: Path, fact_id: int, as_json: bool) -> None:
    """Show fact ID with the passages that it cites, and whether they still are what was cited."""
    with open_case(path) as case, case.read() as s:
        row = queries.get(s, fact_id)
    _print(row, as_json)
    for cite in () if as_json else row.cites:
        say(
            f"  [{cite.id}] {cite.stance}: {place_words(cite)}{f' ({cite.note})' if cite.note else ''}"
        )
        if cite.quote:
            say(f"      “{_short(cite.quote)}”")
        if cite.intact is False:
            say("      ▲ The passage is no longer what was cited.")
    for link in () if as_json else row.links:
        say(f"  {link.stance} element {link.element_id}: {link.claim} / {link.element}")


@fact_command.command("add")
@click.argument("text")
@_words
@_place
@click.option("--element", "elements", multiple=True, type=int, help="An element that it supports.")
@_json
@click.pass_obj
def add_command(
    path: Path, /, text: str, elements: tuple[int, ...], as_json: bool, **given: Any
) -> None:
    """Write a fact, with what it rests on if an item or a finding is named."""
    words = _worded(given)
    place = _cited(given)
    with open_case(path) as case, case.write() as s:
        fact_id, changes = ops.add_fact(
            s, text, cites=[] if place is None else [place], elements=elements,
            **{name: value for name, value in words.items() if value is not None},
        )  # fmt: skip
    _told(fact_id, changes, as_json)


@fact_command.command("from")
@click.argument("item_id", metavar="ITEM", type=int)
@click.argument("part")
@click.argument("start", type=int)
@click.argument("stop", type=int)
@click.option("--text", default="", help="The statement; without one the passage itself.")
@_json
@click.pass_obj
def from_command(
    path: Path, item_id: int, part: str, start: int, stop: int, text: str, as_json: bool
) -> None:
    """Make a fact of the characters START to STOP of a PART of an ITEM, which it cites."""
    with open_case(path) as case, case.write() as s:
        fact_id, changes = ops.fact_from(s, item_id, part, start, stop, text=text)
    _told(fact_id, changes, as_json)


@fact_command.command("cite")
@click.argument("fact_id", metavar="ID", type=int)
@_place
@click.option("--also", multiple=True, type=int, help="A further item, cited as a whole.")
@_json
@click.pass_obj
def cite_command(
    path: Path, /, fact_id: int, also: tuple[int, ...], as_json: bool, **given: Any
) -> None:
    """Say on what else fact ID rests: a passage, a page, whole items, or a finding."""
    place = _cited(given)
    if place is None:
        raise CaseKitError("Say what is cited: --item, or --finding.")
    whole = [ops.NewCite(i, stance=place.stance, note=place.note) for i in also]
    _do(path, as_json, lambda s: ops.cite(s, fact_id, [place, *whole]))


@fact_command.command("uncite")
@click.argument("cite_id", metavar="CITATION", type=int)
@_json
@click.pass_obj
def uncite_command(path: Path, cite_id: int, as_json: bool) -> None:
    """Take a citation away by its number, which `show` tells."""
    _do(path, as_json, lambda s: ops.uncite(s, cite_id))


@fact_command.command("link")
@click.argument("fact_ids", metavar="ID…", nargs=-1, type=int, required=True)
@click.option("--element", "elements", multiple=True, type=int, required=True, help="An element.")
@click.option("--against", is_flag=True, help="They speak against it.")
@click.option("--remove", is_flag=True, help="Take the links away.")
@_json
@click.pass_obj
def link_command(
    path: Path, fact_ids: tuple[int, ...], elements: tuple[int, ...], against: bool, remove: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Say that facts go to elements, whose numbers `casekit claim CASE` tells."""
    if remove:
        _do(path, as_json, lambda s: ops.unlink(s, fact_ids, elements))
    else:
        stance = queries.CONTRADICTS if against else queries.SUPPORTS
        _do(path, as_json, lambda s: ops.link(s, fact_ids, elements, stance))


@fact_command.command("status")
@click.argument("status", type=click.Choice(queries.STATUSES))
@click.argument("fact_ids", metavar="ID…", nargs=-1, type=int, required=True)
@click.option("--by", "disputed_by", help="Who disputes it, in words.")
@_json
@click.pass_obj
def status_command(
    path: Path, status: str, fact_ids: tuple[int, ...], disputed_by: str | None, as_json: bool
) -> None:
    """Say how facts stand between the sides, in one act."""
    _do(
        path,
        as_json,
        lambda s: ops.change_facts(s, fact_ids, status=status, disputed_by=disputed_by),
    )


@fact_command.command("set")
@click.argument("fact_ids", metavar="ID…", nargs=-1, type=int, required=True)
@click.option("--text", help="Another statement, of one fact.")
@_words
@_json
@click.pass_obj
def set_command(
    path: Path, /, fact_ids: tuple[int, ...], text: str | None, as_json: bool, **given: Any
) -> None:
    """Change facts in one act; what is not given stays."""
    if text is not None and len(fact_ids) > 1:
        raise CaseKitError("Give another statement to one fact at a time.")
    words = _worded(given)
    if not given["who"]:
        words["people"] = None
    _do(path, as_json, lambda s: ops.change_facts(s, fact_ids, text=text, **words))


@fact_command.command("remove")
@click.argument("fact_ids", metavar="ID…", nargs=-1, type=int, required=True)
@_json
@click.pass_obj
def remove_command(path: Path, fact_ids: tuple[int, ...], as_json: bool) -> None:
    """Take facts away with their citations; undo brings them back."""
    _do(path, as_json, lambda s: ops.delete_facts(s, fact_ids))


def place_words(cite: CiteRow) -> str:
    """Where a citation points, in words for a line."""
    if cite.finding_id is not None:
        return f"finding F-{cite.finding_id} “{_short(cite.finding)}”"
    if cite.item is None:
        return "an item that is not in this case"
    where = f"item {cite.item.id} “{_short(cite.item.title or cite.item.name)}”"
    if cite.item.exhibit:
        where = f"Exhibit {cite.item.exhibit}, {where}"
    if cite.page is not None:
        where += f", page {cite.page}"
    return f"{where}, {cite.part} {cite.start}–{cite.stop}" if cite.part else where


def when_words(when: When) -> str:
    """A fact's date for a line; empty without one."""
    zone = "" if when.zone == "UTC" and len(when.first) <= 10 else f" {when.zone}"
    if when.kind == "range":
        return f"{when.first} to {when.last}{zone}"
    return "" if when.kind == "none" else f"{when.kind} {when.first}{zone}"


def _print(row: FactRow, as_json: bool) -> None:
    if as_json:
        json_line({"v": 1, **plain(row)})
        return
    marks = [row.status + (f" ({row.disputed_by})" if row.disputed_by else "")]
    marks += [f"material: {row.material}", f"{len(row.cites)} citations"]
    if not row.is_supported:
        marks.append("▲ nothing supports it")
    say(f"{row.id:>5}  {when_words(row.when):28}  {_short(row.text)}")
    say(f"{'':5}  {'; '.join(marks)}")


def plain(row: FactRow) -> dict[str, Any]:
    """A fact as JSON has it."""
    return {
        "id": row.id, "text": row.text, "status": row.status, "disputed_by": row.disputed_by,
        "material": row.material, "date": {"kind": row.when.kind, "from": row.when.first,
        "to": row.when.last, "zone": row.when.zone}, "from_us": row.from_us, "until_us": row.until_us,
        "people": list(row.people), "by": row.by,
        "citations": [
            {
                "id": each.id, "item": each.item.id if each.item else None, "part": each.part,
                "start": each.start, "stop": each.stop, "page": each.page, "finding": each.finding_id,
                "stance": each.stance, "note": each.note, "quote": each.quote, "intact": each.intact,
            }
            for each in row.cites
        ],
        "elements": [
            {"id": each.element_id, "element": each.element, "claim": each.claim, "stance": each.stance}
            for each in row.links
        ],
    }  # fmt: skip


def _worded(given: dict[str, Any]) -> dict[str, Any]:
    """Status, weight, people and date as the ops take them, from the options of `_words`."""
    dated = [
        When(kind, given[name], "", given["zone"])
        for kind, name in (
            ("on", "on_"),
            ("before", "before"),
            ("after", "after"),
            ("about", "about"),
        )
        if given[name]
    ]
    if given["between"]:
        first, last = given["between"]
        dated.append(When("range", first, last, given["zone"]))
    if len(dated) > 1:
        raise CaseKitError("Date it once: on, before, after, about, or between two days.")
    names = ("status", "disputed_by", "material")
    words = {name: given[name] for name in names}
    return {**words, "when": dated[0] if dated else None, "people": given["who"]}


def _cited(given: dict[str, Any]) -> ops.NewCite | None:
    names = ("item_id", "part", "start", "stop", "page", "finding_id")
    place = {name: given[name] for name in names}
    if all(value is None for value in place.values()):
        return None
    stance = queries.CONTRADICTS if given["contradicts"] else queries.SUPPORTS
    return ops.NewCite(**place, stance=stance, note=given["note"])


def _do(path: Path, as_json: bool, op: Callable[[Any], Any]) -> None:
    with open_case(path) as case, case.write() as s:
        changes = op(s)
    tell(changes, as_json)


def _told(fact_id: int, changes: Any, as_json: bool) -> None:
    if as_json:
        json_line({"v": 1, "act": changes.act, "label": changes.label, "fact": fact_id})
    else:
        say(f"Fact {fact_id} written.")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST else flat[: _MOST - 1] + "…"
