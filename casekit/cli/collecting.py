"""Commands on collecting by protocol: prompts registered, an endpoint approved, then asked."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from casekit import clock
from casekit.cli import CaseGroup
from casekit.cli.output import Meter, json_line, say, say_text
from casekit.cli.work import tell
from casekit.errors import Cancelled, CaseKitError
from casekit.jobs import collecting as job
from casekit.ops import collecting as ops
from casekit.queries import collecting as queries
from casekit.queries.collecting import Endpoint, PromptSet, Standing
from casekit.store.case import open_case

KEY = "CASEKIT_API_KEY"
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("collect", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a set.")
@click.pass_context
def collect_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List the prompt sets of CASE; design one, approve an endpoint, ask it.

    Only `run` uses the network, and only to reach the endpoint that was approved.
    """
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        for one in queries.sets(s):
            approved = queries.endpoints(s, one.id)
            if as_json:
                json_line({**_set_values(one), "models": [e.model for e in approved]})
            else:
                models = ", ".join(e.model for e in approved) or "no endpoint approved"
                count, times = len(one.body["prompts"]), one.body["samples"]
                say(f"{one.name}: {count:,} prompts, {times} times each; {models}")


@collect_command.command("design")
@click.argument("name")
@click.option("--question", required=True, help="What the answers shall show, or not show.")
@click.option(
    "--subject", default="", help="Model the question is about; its answers are not read."
)
@click.option("--source", "sources", multiple=True, help="The claimant’s model; may be repeated.")
@click.option(
    "--rival", "rivals", multiple=True, help="Another lab’s model, at least two; may be repeated."
)
@click.option("--from", "listed", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Prompts of your own: JSONL with prompt, topic, source; or one a line.")  # fmt: skip
@click.option("--prompts", "count", type=click.IntRange(1, 100_000), default=200, show_default=True)
@click.option("--samples", type=int, default=5, show_default=True, help="Answers to each prompt.")
@click.option("--temperature", type=float, default=1.0, show_default=True)
@click.option("--max-tokens", type=int, default=1024, show_default=True, help="Of an answer.")
@click.option("--system", default="", help="System prompt; none is sent without it.")
@click.option("--stream", is_flag=True, help="Let answers be streamed.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20260101, show_default=True)
@AS_JSON
@click.pass_obj
def design_command(
    path: Path,
    /, name: str, question: str, subject: str, sources: tuple[str, ...], rivals: tuple[str, ...],
    listed: Path | None, count: int, seed: int, as_json: bool, **how: Any,
) -> None:  # fmt: skip
    """Choose prompts for a question, on controls only, and register them as set NAME in the custody log."""
    from casekit.analysis import departure

    own = departure.read_list(listed) if listed else []
    meter = Meter("Comparing", shown=not as_json)
    with open_case(path) as case:
        with case.read() as s:
            body = departure.design(
                s, question=question, subject=subject, sources=sources, rivals=rivals, count=count,
                asking=departure.Asking(**how), listed=own, seed=seed, progress=meter,
            )  # fmt: skip
        with case.write() as s:
            changes = ops.register(s, name, body)
        with case.read() as s:
            made = queries.get(s, name)
    meter.done("registered")
    if as_json:
        json_line({**_set_values(made), "act": changes.act})
        return
    say(
        changes.label
        + f": {len(body['prompts']):,} of {body['candidates']:,} prompts, SHA-256 {made.sha256.hex()}"
    )
    if body["answered_by_subject_before"]:
        say(
            f"▲ The subject answered {body['answered_by_subject_before']:,} of them in this case before."
        )


@collect_command.command("estimate")
@click.argument("name")
@click.option("--price-input", default="", help="Of a million tokens asked.")
@click.option("--price-output", default="", help="Of a million tokens answered.")
@click.option("--currency", default="", help="Such as USD.")
@AS_JSON
@click.pass_obj
def estimate_command(
    path: Path, name: str, price_input: str, price_output: str, currency: str, as_json: bool
) -> None:
    """Print how many questions and tokens set NAME makes, and what they cost at most."""
    asked, answered = ops.amount(price_input), ops.amount(price_output)
    if bool(asked) != bool(answered):
        raise CaseKitError("State both prices, or neither.")
    with open_case(path) as case, case.read() as s:
        found = job.estimate(queries.get(s, name), asked, answered)
    if as_json:
        told = {"questions": found.questions, "input_tokens": found.input_tokens}
        cost = None if found.cost is None else f"{found.cost:.2f}"
        json_line(
            {
                "v": 1,
                **told,
                "output_tokens": found.output_tokens,
                "cost": cost,
                "currency": currency,
            }
        )
        return
    say(
        f"{found.questions:,} questions, about {found.input_tokens:,} tokens asked and at most "
        f"{found.output_tokens:,} answered" + _costs(found.cost, currency)
    )


@collect_command.command("approve")
@click.argument("name")
@click.option(
    "--url", required=True, help="Address of the endpoint, such as https://api.example/v1."
)
@click.option("--protocol", type=click.Choice(ops.PROTOCOLS), required=True)
@click.option("--model", required=True, help="As the endpoint names it.")
@click.option("--role", type=click.Choice(ops.ROLES), required=True)
@click.option("--account-holder", default="", help="Whose account is used.")
@click.option(
    "--terms", "terms_id", type=int, required=True, help="Item that holds the terms of use."
)
@click.option("--terms-accepted", default="", help="Who accepted them, and when.")
@click.option("--counsel", default="", help="Counsel who approves the collection.")
@click.option("--operator", default="", help="Who runs it, and may have to testify.")
@click.option("--price-input", default="", help="Of a million tokens asked.")
@click.option("--price-output", default="", help="Of a million tokens answered.")
@click.option("--currency", default="", help="Such as USD.")
@click.option("--price-source", default="", help="Where and when the prices were read.")
@click.option(
    "--most", default="", help="The most that may be spent; the run ends before it would be more."
)
@AS_JSON
@click.pass_obj
def approve_command(path: Path, /, name: str, as_json: bool, **values: Any) -> None:
    """Record whom set NAME is asked, on whose account, under which terms, who approved and who does it."""
    from casekit.jobs import protocols

    with open_case(path) as case, case.write() as s:
        protocols.checked_address(values["url"])
        changes = ops.approve(s, name, values)
    tell(changes, as_json)


@collect_command.command("run")
@click.argument("name")
@click.option("--model", required=True, help="An endpoint is approved for it.")
@click.option("--no-key", is_flag=True, help="The endpoint asks for no key.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=300, show_default=True,
              help="How long one answer may take.")  # fmt: skip
@click.option("--authority", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Certificates (PEM) to trust instead of the system’s.")  # fmt: skip
@AS_JSON
@click.pass_obj
def run_command(
    path: Path,
    name: str,
    model: str,
    no_key: bool,
    seconds: float,
    authority: Path | None,
    as_json: bool,
) -> int:
    """Ask what is left of set NAME, and keep every question and answer; run it again and it goes on.

    The key is taken from CASEKIT_API_KEY or asked for, and written nowhere. Exit code 1 where it ended early.
    """
    with open_case(path) as case:
        with case.read() as s:  # refuse before a key is asked for
            queries.approved(s, queries.get(s, name).id, model)
        key = (
            ""
            if no_key
            else os.environ.get(KEY) or click.prompt("Key of the API", hide_input=True, err=True)
        )
        meter = Meter("Asking", shown=not as_json)
        try:
            told = job.run(
                case, name, model, key.strip(), meter, authority=authority, seconds=seconds
            )
        except Cancelled:
            meter.done("stopped; what came is kept")
            raise
        with case.read() as s:
            chosen = queries.get(s, name)
            one = queries.approved(s, chosen.id, model)
            standing = queries.standing(s, chosen, one)
    meter.done(f"{told.asked:,} questions sent")
    if as_json:
        cost = None if told.cost is None else f"{told.cost:.4f}"
        extra = {
            "asked": told.asked,
            "left": told.left,
            "withheld": told.withheld,
            "items": told.items,
        }
        json_line(
            {**_standing_values(one, standing), **extra, "cost": cost, "stopped": told.stopped}
        )
    else:
        came = ", ".join(f"{count:,} {state}" for state, count in sorted(told.states.items()))
        say(f"{told.asked:,} questions sent: {came or 'none was left'}. {told.left:,} without an answer."
            + _costs(told.cost, one.currency))  # fmt: skip
        if told.withheld:
            say(
                f"▲ {told.withheld:,} prompts were not asked: what they were taken from is withheld now."
            )
        if told.stopped:
            say(f"▲ Ended early: {told.stopped}.")
    return 1 if told.stopped else 0


@collect_command.command("show")
@click.argument("name")
@click.option("--prompts", is_flag=True, help="Print the prompts too.")
@AS_JSON
@click.pass_obj
def show_command(path: Path, name: str, prompts: bool, as_json: bool) -> None:
    """Set NAME: its question, how it was chosen, whom it is asked, and how far that is."""
    with open_case(path) as case, case.read() as s:
        one = queries.get(s, name)
        standings = [(e, queries.standing(s, one, e)) for e in queries.endpoints(s, one.id)]
        free, withheld = queries.prompts(s, one)
    if as_json:
        asked = [_standing_values(e, st) for e, st in standings]
        shown = {"prompts_shown": free} if prompts else {}
        json_line({**_set_values(one), "endpoints": asked, "withheld": withheld, **shown})
        return
    body = one.body
    say(
        f"{one.name}, registered by {one.by} {clock.iso(one.made_us)[:16]}Z, SHA-256 {one.sha256.hex()}"
    )
    say(f"  {body['question']}")
    how = body["parameters"]
    say(
        f"  {len(body['prompts']):,} of {body['candidates']:,} prompts, {body['samples']} times each, "
        f"temperature {how['temperature']}, up to {how['max_tokens']:,} tokens"
    )
    for e, st in standings:
        _say_endpoint(e, st)
    if withheld:
        say(
            f"▲ {withheld:,} prompts are not shown and not asked: what they were taken from is withheld."
        )
    for prompt in free if prompts else ():
        say(f"{prompt['no']:>5}  {prompt['topic']} · {prompt['origin']}")
        say_text(f"       {prompt['prompt']}")


def _say_endpoint(e: Endpoint, st: Standing) -> None:
    say(f"{e.model} ({e.role}) at {e.url}, {e.protocol}: {st.done:,} of {st.wanted:,} done")
    say(f"  account of {e.account_holder}; terms item {e.terms_id}, accepted {e.terms_accepted}; approved by "
        f"{e.counsel}; operator {e.operator}")  # fmt: skip
    if st.states:
        came = ", ".join(f"{count:,} {state}" for state, count in st.states.items())
        offset = "not told" if st.clock_us is None else f"{st.clock_us / 1e6:+.1f} s"
        say(
            f"  {came}; {st.input_tokens:,} tokens asked, {st.output_tokens:,} answered; their clock {offset}"
        )
    for shown in st.certificates:
        say(f"  certificate SHA-256 {shown}")


def _set_values(one: PromptSet) -> dict[str, Any]:
    body = {k: v for k, v in one.body.items() if k not in ("v", "prompts")}
    return {
        "v": 1, "name": one.name, "sha256": one.sha256.hex(), "by": one.by, "made_us": one.made_us, **body,
        "prompts": len(one.body["prompts"]),
    }  # fmt: skip


def _standing_values(e: Endpoint, st: Standing) -> dict[str, Any]:
    return {
        "v": 1, "model": e.model, "role": e.role, "url": e.url, "protocol": e.protocol, "operator": e.operator,
        "counsel": e.counsel, "account_holder": e.account_holder, "terms_item": e.terms_id,
        "wanted": st.wanted, "done": st.done, "states": st.states, "input_tokens": st.input_tokens,
        "output_tokens": st.output_tokens, "clock_us": st.clock_us, "certificates": list(st.certificates),
    }  # fmt: skip


def _costs(cost: Decimal | None, currency: str) -> str:
    return "" if cost is None else f"; {cost:.2f} {currency}".rstrip() + " at the prices stated"
