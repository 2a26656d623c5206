"""The command for review sets: made, given out, done, reviewed twice, compared and decided."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say
from casekit.cli.work import chosen, tell
from casekit.errors import CaseKitError
from casekit.ops import reviews as ops
from casekit.queries import agreement, items, reviews
from casekit.queries.batching import numbers
from casekit.queries.reviews import SetRow
from casekit.search import query as parsed_query
from casekit.store.case import Case, open_case

ORDERS = ("date", "-date", "id", "title", "-title", "model", "account", "size")


@click.group("review", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a set.")
@click.pass_context
def review_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List the review sets of CASE with their progress: done, left, and each reviewer's rate."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        known = [(row, reviews.reviewers(s, row.id)) for row in reviews.sets(s)]
    for row, people in known:
        if as_json:
            json_line(
                {"v": 1, **asdict(row), "left": row.left, "reviewers": [asdict(p) for p in people]}
            )
        else:
            _say_set(row, people)
    if not known and not as_json:
        say("There are no review sets yet: casekit review CASE make NAME --query …")


def _say_set(row: SetRow, people: list[reviews.ReviewerRow]) -> None:
    say(
        f"{row.name}  {row.done:,} of {row.total:,} done, {row.left:,} left, batches: {row.batches:,}"
    )
    if row.sample is not None:
        say(f"    {row.sample:,} drawn from {row.population:,} with seed {row.seed}")
    say(f"    population {row.population_sha256}")
    for one in people:
        rate = f", {one.per_hour:,.0f} an hour" if one.per_hour else ""
        say(f"    {one.name or 'nobody yet'}: {one.done:,} of {one.assigned:,}{rate}")
    if row.conflicts:
        say(f"    ▲ {row.conflicts:,} conflicts to decide")


@review_command.command("make")
@click.argument("name")
@click.option("--query", required=True, help="What finds the items; * for all.")
@click.option("--order", type=click.Choice(ORDERS), default="date", help="In which they are read.")
@click.option("--sample", type=int, help="Draw so many of them at random.")
@click.option("--seed", type=int, help="What draws them: the same seed draws the same items.")
@click.option("--batch", "batch_size", type=int, default=ops.BATCH, help="Items a batch.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def make_command(
    path: Path, name: str, query: str, order: items.Order, sample: int | None, seed: int | None,
    batch_size: int, as_json: bool,
) -> None:  # fmt: skip
    """Make review set NAME of what a query finds, or of a seeded sample of it.

    Families, mail threads and conversations stay together in a batch.
    """
    with open_case(path) as case:
        node = parsed_query(case, query)
        with case.read() as s:
            ids = [int(i) for i in items.item_ids(s, node, order=order)]
        with case.write() as s:
            changes = ops.make_set(
                s, name, ids, query=query, batch_size=batch_size, sample=sample, seed=seed
            )
        tell(changes, as_json)


@review_command.command("show")
@click.argument("name")
@click.option("--batch", type=int, help="Only of this batch.")
@click.option("--reviewer", help="Only of this reviewer's batches.")
@click.option("--left", is_flag=True, help="Only what is still to be done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an item.")
@click.pass_obj
def show_command(
    path: Path, name: str, batch: int | None, reviewer: str | None, left: bool, as_json: bool
) -> None:
    """List the items of set NAME in their fixed order."""
    with open_case(path) as case, case.read() as s:
        row = reviews.find(s, name)
        ids = reviews.set_items(s, row.id, batch=batch, reviewer=reviewer, left=left)
        found = items.rows(s, ids)
        batches = reviews.batches(s, row.id) if not as_json else []
    for one in batches:
        if batch in (None, one.no) and reviewer in (None, one.reviewer):
            say(f"batch {one.no}: {one.reviewer or 'nobody yet'}, {one.done:,} of {one.items:,}")
    for each in found:
        if as_json:
            json_line(
                {"v": 1, "id": each.id, "kind": each.kind, "title": each.title, "tags": each.tags}
            )
        else:
            say(f"{each.id:>9}  {each.title or each.name}")


@review_command.command("assign")
@click.argument("name")
@click.argument("reviewers", nargs=-1)
@click.option(
    "--batches", default="", help="Numbers and ranges, such as 1-3,7; else all that are free."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def assign_command(
    path: Path, name: str, reviewers: tuple[str, ...], batches: str, as_json: bool
) -> None:
    """Give batches of set NAME to REVIEWERS, evenly; with no reviewer, take them back."""
    with open_case(path) as case:
        set_id = found(case, name).id
        with case.write() as s:
            changes = ops.assign(s, set_id, reviewers, numbers(batches))
        tell(changes, as_json)


@review_command.command("done")
@click.argument("name")
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items of the set that this query finds.")
@click.option("--not", "undo", is_flag=True, help="Say instead that you are not done with them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def done_command(
    path: Path, name: str, ids: tuple[int, ...], query: str | None, undo: bool, as_json: bool
) -> None:
    """Say that you are done with items of set NAME; how they are coded now is kept with it."""
    with open_case(path) as case:
        row = found(case, name)
        wanted = chosen(case, ids, query)
        if query:
            with case.read() as s:
                inside = {int(i) for i in reviews.set_items(s, row.id)}
            wanted = [i for i in wanted if i in inside]
        if not wanted:
            raise CaseKitError("Name the items that are done, or find them with --query.")
        act = ops.mark_not_done if undo else ops.mark_done
        with case.write() as s:
            changes = act(s, row.id, wanted)
        tell(changes, as_json)


@review_command.command("second")
@click.argument("name")
@click.option("--share", type=int, default=10, help="Percent of the set.")
@click.option("--seed", type=int, required=True, help="What draws them.")
@click.option("--to", "reviewer", required=True, help="Who reviews them again, by name.")
@click.option("--as", "second", default="", help="Name of the second review.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def second_command(
    path: Path, name: str, share: int, seed: int, reviewer: str, second: str, as_json: bool
) -> None:
    """Draw a share of set NAME for another reviewer, who does not see the first coding."""
    with open_case(path) as case:
        set_id = found(case, name).id
        with case.write() as s:
            changes = ops.draw_second(s, set_id, share, seed, reviewer, name=second)
        tell(changes, as_json)


@review_command.command("conflicts")
@click.argument("name", required=False)
@click.option("--all", "decided", is_flag=True, help="Also those that are decided.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a conflict.")
@click.pass_obj
def conflicts_command(path: Path, name: str | None, decided: bool, as_json: bool) -> None:
    """List what was coded differently, with both versions."""
    with open_case(path) as case, case.read() as s:
        set_id = reviews.find(s, name).id if name else None
        rows = agreement.conflicts(s, set_id, decided=decided)
    for row in rows:
        if as_json:
            json_line({"v": 1, **asdict(row)})
            continue
        say(f"{row.id:>6}  item {row.item_id} “{row.title}”  {row.field}")
        say(f"        ours   {row.ours or 'nothing'}{f' ({row.ours_by})' if row.ours_by else ''}")
        say(f"        theirs {row.theirs or 'nothing'} ({row.theirs_by})")
        if row.decided:
            why = f": {row.reason}" if row.reason else ""
            say(f"        decided for {row.decided} by {row.decided_by}{why}")
    if not rows and not as_json:
        say("There are no conflicts.")


@review_command.command("decide")
@click.argument("ids", nargs=-1, type=int, required=True)
@click.option("--keep", type=click.Choice(ops.DECISIONS), required=True)
@click.option("--reason", default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def decide_command(path: Path, ids: tuple[int, ...], keep: str, reason: str, as_json: bool) -> None:
    """Decide conflicts for ours or theirs; both versions stay on record."""
    with open_case(path) as case:
        with case.write() as s:
            changes = ops.decide(s, ids, keep, reason)
        tell(changes, as_json)


@review_command.command("agreement")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a second review.")
@click.pass_obj
def agreement_command(path: Path, name: str, as_json: bool) -> None:
    """How far the second reviews of set NAME agree with it: raw agreement and Cohen's kappa, with n."""
    with open_case(path) as case, case.read() as s:
        rows = agreement.agreements(s, reviews.find(s, name).id)
    for row in rows:
        if as_json:
            fields = [{**asdict(f), "raw": f.raw} for f in row.fields]
            json_line({"v": 1, **asdict(row), "fields": fields})
            continue
        say(
            f"{row.second_name}: {row.n:,} of {row.drawn:,} compared, {row.waiting:,} not done by both"
        )
        if row.alone:
            say(f"    {row.alone:,} left out, because one person did both")
        if row.n:
            say(f"    the same in every field: {row.same:,} of {row.n:,} ({row.same / row.n:.0%})")
        for f in row.fields:
            kappa = "not defined, one value only" if f.kappa is None else f"{f.kappa:.2f}"
            say(f"    {f.field}: raw {f.raw:.0%}, kappa {kappa}, n = {f.n:,}")
    if not rows and not as_json:
        say(f"“{name}” has no second review: casekit review CASE second …")


def found(case: Case, name: str) -> SetRow:
    """The set of that name."""
    with case.read() as s:
        return reviews.find(s, name)
