"""Commands on findings."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli.finding_group import (
    AS_JSON,
    CASE,
    POPULATION,
    SEED,
    SOURCES,
    find,
    finding_command,
    sentence_of,
)
from casekit.cli.finding_own import import_command, own_command
from casekit.cli.finding_sets import say_measures, sets_command
from casekit.cli.output import Meter, json_line, say
from casekit.jobs import finding as finding_jobs
from casekit.queries import findings as finding_queries
from casekit.queries.finding_figures import WITHOUT, moved, signed
from casekit.queries.finding_titles import title_of
from casekit.store.case import open_case

for command in (sets_command, own_command, import_command):
    finding_command.add_command(command)


@finding_command.command("list")
@CASE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a finding.")
def list_command(case: Path, as_json: bool) -> None:
    """All findings of CASE, oldest first."""
    with open_case(case) as opened, opened.read() as s:
        for row in finding_queries.findings(s):
            if as_json:
                json_line({"v": 1, "id": row.id, "kind": row.kind, "title": row.title, **row.body})
            else:
                say(f"F-{row.id}  {row.kind:10} {row.title}")


@finding_command.command("show")
@CASE
@click.argument("number", type=int)
@AS_JSON
def show_command(case: Path, number: int, as_json: bool) -> None:
    """Finding NUMBER with its question, result, controls, limits and innocent explanations."""
    with open_case(case) as opened, opened.read() as s:
        row = finding_queries.get(s, number)
    if as_json:
        json_line({"v": 1, "id": row.id, "kind": row.kind, "title": row.title, **row.body})
        return
    body = row.body
    say(f"F-{row.id}  {row.title}")
    for proposition in ("h1", "h0"):
        say(f"  {body['question'][proposition]}")
    say(sentence_of(row.kind, body))
    say_measures(body.get("result", {}).get("measures", ()))
    for heading, key in (
        ("Limitations", "limitations"),
        ("Innocent explanations that remain", "innocent"),
        ("Left out, and why", "dropped"),
    ):
        if body.get(key):
            say(f"{heading}:")
        for line in body.get(key, ()):
            say(f"  {line}")


@finding_command.command("rerun")
@CASE
@click.argument("number", type=int)
@click.option(
    "--method",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of an expert’s own method, where the finding is by one.",
)
@AS_JSON
def rerun_command(case: Path, number: int, method: Path | None, as_json: bool) -> int:
    """Compute finding NUMBER again from the evidence as it is now; the exit code is 1 if it differs."""
    from casekit.analysis import own

    meter = Meter("Computing again", shown=not as_json)
    with open_case(case) as opened:
        chosen = own.read(method, meter) if method else None
        again = finding_jobs.make_again(opened, number, meter, chosen)
    meter.done("computed again")
    if as_json:
        json_line(
            {
                "v": 1,
                "id": number,
                "same": not again.differences,
                "differs": list(again.differences),
                "sequestered": again.sequestered,
            }
        )
    elif again.differences:
        say(f"F-{number} differs now in: {', '.join(again.differences)}.")
        if again.sequestered:
            say(finding_jobs.sequestered_since(again.sequestered))
    else:
        say(f"F-{number} computed again: the same bytes.")
    return 1 if again.differences else 0


@finding_command.command("overlap")
@CASE
@click.option("--subject", required=True, help="Model examined.")
@click.option("--source", required=True, help="Model whose outputs it may carry.")
@click.option(
    "--control",
    "controls",
    multiple=True,
    required=True,
    help="Model without a link; may be repeated.",
)
@click.option("--min-words", type=click.IntRange(4), default=8, show_default=True)
@SEED
@AS_JSON
def overlap_command(
    case: Path,
    subject: str,
    source: str,
    controls: tuple[str, ...],
    min_words: int,
    seed: int,
    as_json: bool,
) -> None:
    """Shared runs of words between two models' answers, beside those of control models."""
    from casekit.analysis import overlap

    find(
        case, "overlap", title_of("overlap", subject=subject, source=source), as_json,
        lambda s, meter: overlap.compare(
            s, subject=subject, source=source, controls=controls, min_words=min_words, seed=seed,
            progress=meter,
        ),
    )  # fmt: skip


@finding_command.command("lineage")
@CASE
@click.option("--subject", required=True, help="Model examined.")
@SOURCES
@POPULATION
@SEED
@AS_JSON
def lineage_command(
    case: Path, subject: str, source: str, population: Path, seed: int, as_json: bool
) -> int:
    """Was the subject trained on the source's answers? A likelihood ratio with its error rate.

    The models of the population whose training is documented calibrate it, those of the subject's own family
    left out. The exit code is 2 if the data cannot support a ratio; why is said, and recorded.
    """
    from casekit.analysis import lineage, shipped

    members, reference = shipped.named(population)
    sources = _names(source)
    body = find(
        case, "lineage", title_of("lineage", subject=subject, source=", ".join(sources)), as_json,
        lambda s, meter: lineage.compare(
            s, subject=subject, sources=sources, members=members, seed=seed, progress=meter,
            reference=reference,
        ),
    )  # fmt: skip
    if not as_json:
        for one in moved(body):
            ends = (
                f"log10 LR {signed(one.values[0][1])} to {signed(one.values[-1][1])}"
                if one.values
                else "no ratio"
            )
            turns = "draws" if one.without == "half" else "in turn"
            say(f"  Without {WITHOUT[one.without]}, {one.rows} {turns}: {ends}.")
    return 2 if body["result"]["refused"] else 0


@finding_command.command("validate")
@CASE
@SOURCES
@POPULATION
@SEED
@AS_JSON
def validate_command(case: Path, source: str, population: Path, seed: int, as_json: bool) -> int:
    """How good lineage ratios are: every model of known training measured without its family."""
    from casekit.analysis import shipped, validation

    members, reference = shipped.named(population)
    sources = _names(source)
    body = find(
        case, "validation", title_of("validation", source=", ".join(sources)), as_json,
        lambda s, meter: validation.validate(
            s, sources=sources, members=members, seed=seed, progress=meter, reference=reference
        ),
    )  # fmt: skip
    if not as_json:
        for row in body["controls"] + body["students"]:
            say(f"  {row['log10_lr']:+.2f}  {row['family']:22} {row['model']}")
    return 2 if body["result"]["refused"] else 0


@finding_command.command("exposure")
@CASE
@click.option("--subject", required=True, help="Model examined, asked the prompts of the log.")
@click.option("--source", required=True, help="Model whose answers the log holds.")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    required=True,
    help="Attributed account; may be repeated.",
)
@click.option("--control", "controls", multiple=True, required=True,
              help="Model that cannot have seen the answers; may be repeated.")  # fmt: skip
@SEED
@AS_JSON
def exposure_command(
    case: Path,
    subject: str,
    source: str,
    accounts: tuple[str, ...],
    controls: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Does the subject repeat answers served to the accounts more than answers served to others?"""
    from casekit.analysis import exposure

    find(
        case, "exposure", title_of("exposure", subject=subject, source=source), as_json,
        lambda s, meter: exposure.compare(
            s, subject=subject, source=source, accounts=accounts, controls=controls, seed=seed,
            progress=meter,
        ),
    )  # fmt: skip


@finding_command.command("identity")
@CASE
@click.option("--subject", required=True, help="Model examined.")
@click.option("--lab", required=True, help="Lab whose name is looked for, such as openai.")
@click.option("--name", "names", multiple=True, help="Further name of that lab; may be repeated.")
@click.option("--control", "controls", multiple=True, required=True,
              help="Model without a link to that lab; may be repeated.")  # fmt: skip
@SEED
@AS_JSON
def identity_command(
    case: Path,
    subject: str,
    lab: str,
    names: tuple[str, ...],
    controls: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """How often does the subject call itself by another lab's name, unasked? Every claim is listed."""
    from casekit.analysis import identity

    body = find(
        case, "identity", title_of("identity", subject=subject, lab=lab), as_json,
        lambda s, meter: identity.compare(
            s, subject=subject, lab=lab, names=names, controls=controls, seed=seed, progress=meter
        ),
    )  # fmt: skip
    if not as_json:
        for claim in body["claims"]:
            asked = "prompt names a lab" if claim["prompt_names_a_lab"] else "unasked"
            say(f"  {claim['model']}, item {claim['item_id']}, {asked}: … {claim['around']} …")


@finding_command.command("usage")
@CASE
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    help="CSV of list prices with their sources, for the value of what was asked.",
)
@click.option(
    "--networks",
    type=click.Path(path_type=Path),
    help="CSV of networks by number (ASN) with their kinds and sources; none is ever fetched.",
)
@click.option("--subject", default="", help="Model whose answers are looked through for the log’s.")
@click.option("--control", "controls", multiple=True,
              help="Model that cannot have seen them, likewise; may be repeated.")  # fmt: skip
@SEED
@AS_JSON
def usage_command(
    case: Path,
    prices: Path | None,
    networks: Path | None,
    subject: str,
    controls: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Which accounts of the API log were run together? Every analytic beside its control, never one score.

    An account is named only where independent analytics point to it together. With --subject and --control,
    the answers that they were served are looked for in what the subject says.
    """
    from casekit.analysis.usage import finding as usage
    from casekit.analysis.usage import networks as tables
    from casekit.analysis.usage import prices as lists

    listed = lists.read(prices) if prices else None
    kinds = tables.read(networks) if networks else None
    meter = Meter("Comparing", shown=not as_json)
    with open_case(case) as opened:
        made = finding_jobs.make(
            opened, "usage", title_of("usage"),
            lambda _, told: usage.compare(
                opened, seed=seed, listed=listed, subject=subject, models=controls, kinds=kinds,
                progress=told,
            ), meter,
        )  # fmt: skip
    meter.done("kept as a finding")
    body = made.body
    if as_json:
        json_line({"v": 1, "id": made.id, "kind": "usage", **body["result"], **body})
        return
    say(f"F-{made.id}  {body['sentence']}")
    for row in body["analytics"]:
        said = f"refused: {row['refused']}" if row["refused"] else row["sentence"]
        say(f"{row['id']:4}{row['name']}: {said or 'nothing that a group shows.'}")
    for row in body["groups"]:
        why = row["not_named_because"] or f"{row['named']} named"
        say(f"Group {row['group']}: {row['members']} accounts, {why}.")


@finding_command.command("canaries")
@CASE
@click.option("--set", "name", required=True, help="Set of canaries, made before they were served.")
@click.option("--subject", required=True, help="Model examined.")
@click.option(
    "--control",
    "controls",
    multiple=True,
    help="Model that cannot have seen them; may be repeated.",
)
@AS_JSON
def canaries_command(
    case: Path, name: str, subject: str, controls: tuple[str, ...], as_json: bool
) -> None:
    """Does the subject know served canaries more than decoys, and the numbers that were served with them?"""
    from casekit.analysis import canaries

    find(
        case, "canaries", title_of("canaries", set=name, subject=subject), as_json,
        lambda s, meter: canaries.compare(
            s, name=name, subject=subject, controls=controls, progress=meter
        ),
    )  # fmt: skip


@finding_command.command("change")
@CASE
@click.option("--subject", required=True, help="Model examined, as it answers after.")
@click.option("--before", required=True, help="Its earlier checkpoint.")
@click.option("--source", required=True, help="Model whose answers it may have been trained on.")
@click.option(
    "--rival", "rivals", multiple=True, required=True, help="Another lab’s model, at least two."
)
@click.option("--placebo", "placebos", multiple=True, nargs=2, metavar="AFTER BEFORE",
              help="Two checkpoints without the source’s answers; may be repeated.")  # fmt: skip
@click.option("--variant", "variants", multiple=True,
              help="The subject asked otherwise (system prompt, paraphrase); may be repeated.")  # fmt: skip
@SEED
@AS_JSON
def change_command(
    case: Path, subject: str, before: str, source: str, rivals: tuple[str, ...],
    placebos: tuple[tuple[str, str], ...], variants: tuple[str, ...], seed: int, as_json: bool,
) -> int:  # fmt: skip
    """Did the subject move towards the source since its earlier checkpoint, more than controls did?"""
    from casekit.analysis import change

    body = find(
        case, "change", title_of("change", before=before, subject=subject, source=source), as_json,
        lambda s, meter: change.compare(
            s, subject=subject, before=before, source=source, rivals=rivals, placebos=placebos,
            variants=variants, seed=seed, progress=meter,
        ),
    )  # fmt: skip
    return 2 if body["result"]["refused"] else 0


def _names(source: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in source.split(",") if name.strip()))
