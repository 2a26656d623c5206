"""Commands on coding: templates and presets of a case, and coding items by them."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli import CaseGroup
from casekit.cli.output import json_line, say, say_text
from casekit.cli.work import chosen, tell
from casekit.clock import iso
from casekit.errors import CaseKitError
from casekit.ops import coding as ops
from casekit.ops import templates as set_up_ops
from casekit.queries import coding as queries
from casekit.queries import items as item_queries
from casekit.queries import templates
from casekit.queries.templates import Code, Field, Preset, SetUp
from casekit.store.case import Case, open_case


@click.group("coding", cls=CaseGroup, invoke_without_command=True)
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a field and a preset.")
@click.pass_context
def coding_command(ctx: click.Context, case: Path, as_json: bool) -> None:
    """List what is coded in CASE: the fields of each kind of evidence, the presets with their keys."""
    ctx.obj = case
    if ctx.invoked_subcommand is not None:
        return
    with open_case(case) as opened, opened.read() as s:
        held = templates.set_up(s)
    (_json_set_up if as_json else _say_set_up)(held)


def _json_set_up(held: SetUp) -> None:
    for template in held.templates.values():
        for each in template.fields:
            told = {"evidence": template.collection, "field": each.name, "kind": each.kind}
            json_line({"v": 1, **told, "required": each.required, "complete": template.complete})
    for preset in held.presets:
        codes = [str(code) for code in preset.codes]
        json_line({"v": 1, "preset": preset.name, "key": preset.key, "codes": codes})


def _say_set_up(held: SetUp) -> None:
    for template in held.templates.values():
        say(f"{template.collection}{'  (left only when complete)' if template.complete else ''}")
        for each in template.fields:
            say(f"   {each.name:16} {_about(each)}")
    for preset in held.presets:
        say(f"{preset.key or '–':>6}  {preset.name}: {', '.join(map(str, preset.codes))}")
    if held.templates or held.presets:
        say(f"Codes spread to families: {held.families}; to copies: {held.copies}.")
    else:
        say("Nothing is set up yet. Take what is usual with “casekit coding CASE usual”.")


def _about(of: Field) -> str:
    options = f" ({', '.join(of.options)})" if of.options else ""
    needed = ", required" if of.required else ""
    shown = f", while {of.when} is {' or '.join(of.values)}" if of.when else ""
    return f"{of.kind}{options}{needed}{shown}"


@coding_command.command("show")
@click.argument("item_id", metavar="[ITEM]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show_command(path: Path, item_id: int | None, as_json: bool) -> None:
    """Show how ITEM is coded, by whom and when, and what is missing; without it the whole as `set` takes it."""
    with open_case(path) as case, case.read() as s:
        if item_id is None:
            say_text(templates.write_file(templates.set_up(s)).decode().rstrip())
            return
        item_queries.view(s, item_id)
        found = queries.coded(s, item_id)
    lacking = [each.name for each in found.missing]
    if as_json:
        marks = {n: {"by": m.by, "at": iso(m.at_us)} for n, m in found.marks.items()}
        json_line(
            {"v": 1, "item": item_id, "values": found.values, "marks": marks, "missing": lacking}
        )
        return
    for name, mine in found.values.items():
        mark = found.marks.get(name)
        say(f"{name:16} {', '.join(mine)}{f'   {mark.by}, {iso(mark.at_us)}' if mark else ''}")
    if lacking:
        say(f"Missing: {', '.join(lacking)}")
    elif found.template is None:
        say("There is no coding template for this kind of evidence.")


@coding_command.command("set")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def set_command(path: Path, file: Path, as_json: bool) -> None:
    """Take templates and presets from FILE (TOML or JSON), in place of those of the same evidence and name."""
    held = templates.read_file(file.read_bytes(), file.name)
    with open_case(path) as case, case.write() as s:
        changes = set_up_ops.take_set_up(s, held)
    tell(changes, as_json)


@coding_command.command("usual")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def usual_command(path: Path, as_json: bool) -> None:
    """Take the templates and presets that CaseKit brings along."""
    with open_case(path) as case, case.write() as s:
        changes = set_up_ops.take_usual(s)
    tell(changes, as_json)


@coding_command.command("policy")
@click.option("--families", type=click.Choice(templates.POLICIES))
@click.option("--copies", type=click.Choice(templates.POLICIES))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def policy_command(path: Path, families: str | None, copies: str | None, as_json: bool) -> None:
    """Say whether a code spreads to the family of an item and to its copies."""
    with open_case(path) as case, case.write() as s:
        changes = set_up_ops.set_policy(s, families=families, copies=copies)
    tell(changes, as_json)


@coding_command.command("preset")
@click.argument("name")
@click.argument("codes", nargs=-1)
@click.option("--key", default="", help="The key that sets it in the window.")
@click.option("--remove", is_flag=True, help="Take it away instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def preset_command(
    path: Path, name: str, codes: tuple[str, ...], key: str, remove: bool, as_json: bool
) -> None:
    """Make the preset NAME of CODES such as responsive=yes hot=yes, or change it."""
    made = Preset(name, key, tuple(templates.parse_code(code) for code in codes))
    with open_case(path) as case, case.write() as s:
        changes = (
            set_up_ops.remove_preset(s, name) if remove else set_up_ops.set_preset(s, made)
        )  # fmt: skip
    tell(changes, as_json)


@coding_command.command("key")
@click.argument("tag")
@click.argument("key", default="")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def key_command(path: Path, tag: str, key: str, as_json: bool) -> None:
    """Give TAG a key from 1 to 9, or take its key away."""
    with open_case(path) as case, case.write() as s:
        changes = set_up_ops.set_tag_key(s, tag, key)
    tell(changes, as_json)


@coding_command.command("code")
@click.argument("wanted", nargs=-1, required=True, metavar="[ITEM …] FIELD=VALUE …")
@click.option("--query", help="All items that this query finds.")
@click.option("--preset", "preset_name", help="Set the codes of this preset too.")
@click.option(
    "--families/--no-families", default=None, help="With the families of the items, or without."
)
@click.option("--copies/--no-copies", default=None, help="With copies of the items, or without.")
@click.option("--preview", is_flag=True, help="Only say how many are coded so already.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def code_command(
    path: Path, wanted: tuple[str, ...], query: str | None, preset_name: str | None,
    families: bool | None, copies: bool | None, preview: bool, as_json: bool,
) -> None:  # fmt: skip
    """Code items: FIELD=VALUE sets, FIELD!=VALUE takes off, FIELD= empties; tag=NAME puts on any tag."""
    ids = tuple(int(word) for word in wanted if word.isdecimal() and len(word) < 18)
    codes = [templates.parse_code(word) for word in wanted if not word.isdecimal()]
    with open_case(path) as case:
        items = chosen(case, ids, query)
        if not items:
            raise CaseKitError("Name the items by their numbers, or with --query.")
        if preset_name:
            with case.read() as s:
                known = {p.name: p for p in templates.presets(s)}
            if preset_name not in known:
                raise CaseKitError("There is no preset “{name}”.", name=preset_name)
            codes = [*known[preset_name].codes, *codes]
        if preview:
            _preview(case, items, codes, as_json)
            return
        with case.write() as s:
            changes = ops.code(
                s, items, codes, name=preset_name or "", families=families, copies=copies
            )  # fmt: skip
    tell(changes, as_json)


def _preview(case: Case, items: list[int], codes: list[Code], as_json: bool) -> None:
    for code in codes:
        with case.read() as s:
            same, other, without = queries.having(s, items, code)
        rest = len(items) - len(same) - len(other) - len(without)
        if as_json:
            counts = {"already": len(same), "other": len(other), "without": len(without)}
            json_line({"v": 1, "code": str(code), "items": len(items), **counts})
        else:
            say(
                f"{code}: {len(same):,} of {len(items):,} have it already, {len(other):,} have another value, "
                f"{rest:,} have none, {len(without):,} have no such field."
            )


@coding_command.command("as")
@click.argument("item_id", metavar="ITEM", type=int)
@click.argument("ids", nargs=-1, type=int)
@click.option("--query", help="All items that this query finds.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def as_command(
    path: Path, item_id: int, ids: tuple[int, ...], query: str | None, as_json: bool
) -> None:
    """Code other items as ITEM is."""
    with open_case(path) as case:
        items = chosen(case, (item_id, *ids), query)
        with case.write() as s:
            changes = ops.code_as(s, item_id, items)
    tell(changes, as_json)
