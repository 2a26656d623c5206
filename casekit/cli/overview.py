"""The command on the state of the matter."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import click

from casekit import clock
from casekit.analysis import again
from casekit.cli.output import json_line, say
from casekit.queries import overview as queries
from casekit.queries.overview import Overview
from casekit.store.case import open_case


@click.command("overview")
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def overview_command(case: Path, as_json: bool) -> None:
    """Say how CASE stands: what came in, what failed, how far the review is, and what is to do next."""
    with open_case(case) as opened, opened.read() as s:
        read = queries.overview(s)
    if as_json:
        body = dataclasses.asdict(read)
        for told, row in zip(body["findings"], read.findings, strict=True):
            told["body"] = again.sentence(row.kind, row.body)
        json_line({"v": 1, **body})
        return
    for line in _lines(read):
        say(line)


def _lines(read: Overview) -> Iterator[str]:
    yield read.matter.name
    yield f"{read.items:,} items from {read.originals:,} files, {read.bytes:,} bytes"
    yield from (f"   {each.count:>9,}  {each.value}" for each in read.collections)
    yield from (f"   {each.count:>9,}  from {each.value}" for each in read.custodians)
    yield "To do"
    for step in read.steps:
        yield f"   – {step.template.format(n=f'{step.count:,}', name=step.name)}"
    yield "Imports"
    for one in read.arrivals:
        trouble = f", {one.problems:,} problems" if one.problems else ""
        yield (
            f"   {clock.iso(one.started_us)[:16]}  {', '.join(one.sources) or 'not told'}: {one.state}, "
            f"{one.items:,} items, {one.bytes:,} bytes{trouble}"
        )
    yield "Review"
    yield from (f"   {count:>9,}  {state}" for state, count in read.privilege.items())
    for row in read.sets:
        conflicts = f", {row.conflicts:,} conflicts" if row.conflicts else ""
        yield f"   {row.name}: {row.done:,} of {row.total:,} done{conflicts}"
    yield "Findings"
    for found in read.findings:
        yield f"   F-{found.id}  {found.title}: {again.sentence(found.kind, found.body)}"
    yield f"Facts: {read.facts:,}, of which {read.unsupported:,} cite nothing"
    for each in read.claims:
        yield f"   {each.name}: {each.elements} elements, {each.gaps} rest on nothing, {each.disputed} disputed"
    yield f"Exhibits: {read.exhibits:,}"
    for version in read.issued:
        day = clock.iso(version.at_us)[:10]
        yield f"   issued {day}  {version.title} ({version.kind}, {version.pages} pages)"
    yield "Last acts"
    for act in read.lately:
        often = f" (and {act.count - 1} alike)" if act.count > 1 else ""
        yield f"   {act.at[:16]}  {act.actor}: {act.label}{often}"
