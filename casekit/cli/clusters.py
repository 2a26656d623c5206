"""Commands on groups of near-duplicates, on topics, and on what people have named of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import clusters as ops
from casekit.queries import clusters, items
from casekit.queries.clusters import NEAR, TOPIC, NamedRow, NearGroup, Standing, TopicRow
from casekit.search.differing import Differing
from casekit.store.case import Case, open_case

KINDS = (NEAR, TOPIC)
AID = (
    "Topics are an aid of reading and no finding: another seed or number of topics sorts otherwise."
)
SHOWN_CHANGES, LONGEST_SHOWN = 6, 100


@click.group("clusters", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--most", type=click.IntRange(1), default=20, show_default=True, help="Groups listed."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def clusters_command(context: click.Context, case: Path, most: int, as_json: bool) -> None:
    """List the groups of near-duplicates of CASE, its topics and the named clusters, as last computed.

    `near` and `topics` compute them, `show` lists what one holds, `name` keeps it under a name. A query finds
    them as near:ITEM, topic:NUMBER and cluster:NAME.
    """
    context.obj = case
    if context.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        near, topic = clusters.standing(s, NEAR), clusters.standing(s, TOPIC)
        groups, count = clusters.near_groups(s, most), clusters.near_count(s)
        rows, named = clusters.topics(s), clusters.named(s)
        titles = {r.id: r.title or r.name for r in items.rows(s, [g.principal for g in groups])}
    if as_json:
        json_line({"v": 1, "near": _standing(near), "groups": [dataclasses.asdict(g) for g in groups],
                   "topics_made": _standing(topic), "topics": [dataclasses.asdict(r) for r in rows],
                   "named": [dataclasses.asdict(r) for r in named]})  # fmt: skip
        return
    _say_near(near, groups, count, titles)
    _say_topics(topic, rows)
    for row in named:
        say(
            f"named {row.name}: {row.items:,} items, {row.kind}, by {row.by} on {clock.iso(row.at_us)[:10]}"
        )


@clusters_command.command("near")
@click.option(
    "--threshold", type=click.IntRange(50, 100), default=80, show_default=True,
    help="Percent of word pairs that a text shares with its group's principal, at least.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def near_command(case: Path, threshold: int, as_json: bool) -> None:
    """Group the texts of CASE that are nearly the same; another threshold reads no text again."""
    from casekit.search import near

    meter = Meter("Near-duplicates", shown=not as_json)
    with open_case(case) as opened:
        report = near.group(opened, meter, threshold=threshold)
    meter.done(f"{report.groups:,} groups")
    if as_json:
        json_line({"v": 1, **dataclasses.asdict(report)})
        return
    say(
        f"{report.groups:,} groups of {report.members:,} items, {threshold} % alike to the principal or more."
    )
    say(f"{report.items:,} compared; left out: {report.without:,} without text, {report.short:,} of fewer "
        f"than {near.FEWEST_WORDS} words; compared by their beginning: {report.cut:,}.")  # fmt: skip


@clusters_command.command("topics")
@click.option(
    "--number", type=click.IntRange(2, 200), help="How many; else as many as suit the case."
)
@click.option("--seed", type=int, help="What draws sample and start; the same seed sorts alike.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def topics_command(case: Path, number: int | None, seed: int | None, as_json: bool) -> None:
    """Sort the items of CASE into topics by their vectors. An aid of reading, no finding."""
    from casekit.search import topics

    meter = Meter("Topics", shown=not as_json)
    with open_case(case) as opened:
        report = topics.group(
            opened, meter, number=number, seed=topics.SEED if seed is None else seed
        )
        meter.done(f"{report.topics:,} topics")
        with opened.read() as s:
            standing, rows = clusters.standing(s, TOPIC), clusters.topics(s)
    if as_json:
        told = [dataclasses.asdict(row) for row in rows]
        json_line({"v": 1, **dataclasses.asdict(report), "found": told})
        return
    _say_topics(standing, rows)


@clusters_command.command("show")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("number", type=int)
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="Items listed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an item.")
@click.pass_obj
def show_command(case: Path, kind: str, number: int, most: int, as_json: bool) -> None:
    """List what group or topic NUMBER holds: near-duplicates with percent and the words that differ."""
    with open_case(case) as opened:
        if kind == NEAR:
            _show_near(opened, number, most, as_json)
        else:
            _show_topic(opened, number, most, as_json)


@clusters_command.command("name")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("number", type=int)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def name_command(case: Path, kind: str, number: int, name: str, as_json: bool) -> None:
    """Keep what group or topic NUMBER holds now under NAME: it stays when groups are computed anew."""
    with open_case(case) as opened:
        with opened.read() as s:
            ids, made = clusters.membership(s, kind, number)
        with opened.write() as s:
            changes = ops.name_items(s, kind, name, ids, made)
    tell(changes, as_json)


@clusters_command.command("rename")
@click.argument("name")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def rename_command(case: Path, name: str, new: str, as_json: bool) -> None:
    """Call the cluster NAME otherwise."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.rename(s, _named(clusters.named(s), name).id, new)
    tell(changes, as_json)


@clusters_command.command("forget")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def forget_command(case: Path, name: str, as_json: bool) -> None:
    """Take the named cluster NAME away; its items stay as they are."""
    with open_case(case) as opened, opened.write() as s:
        changes = ops.forget(s, _named(clusters.named(s), name).id)
    tell(changes, as_json)


def _named(rows: list[NamedRow], name: str) -> NamedRow:
    found = next((row for row in rows if row.name.casefold() == name.casefold()), None)
    if found is None:
        raise CaseKitError("There is no named cluster “{name}”.", name=name)
    return found


def _show_near(case: Case, number: int, most: int, as_json: bool) -> None:
    from casekit.search import comparing

    with case.read() as s:
        group = clusters.near_group_by_id(s, number)
        if group is None:
            raise CaseKitError("There is no group {number} now.", number=number)
        found = comparing.members(s, group, most)
    for member in found:
        if as_json:
            told = member.differing
            changes = None if told is None else [dataclasses.asdict(c) for c in told.changes]
            json_line({"v": 1, "id": member.row.id, "alike": round(member.alike, 4), "words": member.words,
                       "principal": told is None, "changes": changes})  # fmt: skip
            continue
        title = member.row.title or member.row.name
        said = "principal" if member.differing is None else f"{100 * member.alike:.0f} %"
        say(f"{member.row.id:>9}  {said:>9}  {title}")
        if member.differing is not None:
            _say_changes(member.differing)
    if not as_json and group.items > len(found):
        say(f"{group.items - len(found):,} more: ask with --most.")


def _say_changes(told: Differing) -> None:
    for change in told.changes[:SHOWN_CHANGES]:
        say(f"{'':22}- {_short(change.gone)}")
        say(f"{'':22}+ {_short(change.new)}")
    more = told.more + max(0, len(told.changes) - SHOWN_CHANGES)
    if not told.changes:
        say(f"{'':22}the same words")
    if more:
        say(f"{'':22}and {more:,} more")


def _short(words: str) -> str:
    """Words as a line has room for them."""
    if len(words) > LONGEST_SHOWN:
        return f"{words[:LONGEST_SHOWN]} …"
    return words or "(nothing)"


def _show_topic(case: Case, number: int, most: int, as_json: bool) -> None:
    with case.read() as s:
        found = clusters.topic_members(s, number, most)
        rows = {row.id: row for row in items.rows(s, [m.item_id for m in found])}
    if not found:
        raise CaseKitError("There is no topic {number} now.", number=number)
    for member in found:
        row = rows[member.item_id]
        if as_json:
            json_line({"v": 1, "id": row.id, "cosine": round(member.cosine, 4), "title": row.title})
        else:
            say(f"{row.id:>9}  {member.cosine:.3f}  {row.title or row.name}")


def _say_near(
    near: Standing, groups: list[NearGroup], count: tuple[int, int], titles: dict[int, str]
) -> None:
    if near.made is None:
        say("Near-duplicates have not been looked for: casekit clusters CASE near")
        return
    values = near.made.values
    say(f"{count[0]:,} groups of {count[1]:,} near-duplicates at {values['threshold']} %, computed "
        f"{clock.iso(near.made.at_us)[:16]}; {values['without']:,} without text and {values['short']:,} short "
        "ones are in none.")  # fmt: skip
    _say_later(near)
    for g in groups:
        least = "" if g.least is None else f", at least {100 * g.least:.0f} %"
        say(
            f"near {g.id:>5}  {g.items:>9,} items{least}  item {g.principal}: {titles[g.principal]}"
        )
    if count[0] > len(groups):
        say(f"{count[0] - len(groups):,} more groups: ask with --most.")


def _say_topics(standing: Standing, rows: list[TopicRow]) -> None:
    if standing.made is None:
        say("Topics have not been looked for: casekit clusters CASE topics")
        return
    values = standing.made.values
    say(f"{len(rows):,} topics, computed {clock.iso(standing.made.at_us)[:16]} with seed {values['seed']} from "
        f"vectors of {values['model']} ({values['engine']}); {values['without']:,} items without a vector are "
        "in none.")  # fmt: skip
    _say_later(standing)
    for row in rows:
        words = ", ".join(row.words) or "(words left out: something of it was sequestered since)"
        say(f"topic {row.id:>4}  {row.items:>9,} items  {words}")
    say(AID)


def _say_later(standing: Standing) -> None:
    if standing.since:
        say(f"▲ {standing.since:,} items came later and are in none: compute anew.")
    if standing.hidden_since:
        say("▲ Something was sequestered or released since: compute anew.")


def _standing(standing: Standing) -> dict[str, Any] | None:
    if standing.made is None:
        return None
    told = {
        "at_us": standing.made.at_us,
        "since": standing.since,
        "out_of_date": standing.hidden_since,
    }
    return {**told, **standing.made.values}
