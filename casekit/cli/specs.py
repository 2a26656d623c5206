"""The command on what dossiers shall hold, kept in the case under names."""

from __future__ import annotations

from pathlib import Path

import click

from casekit.cli.output import json_line, say, say_text
from casekit.cli.work import tell
from casekit.errors import CaseKitError
from casekit.ops import specs as spec_ops
from casekit.ops.journal import Changes
from casekit.store.case import Case, open_case

_SIGNS = {"gap": "▲", "refusal": "■", "note": "–"}


@click.command("spec")
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("name", required=False)
@click.option("--save", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Save this file under NAME, in place of what has that name.")  # fmt: skip
@click.option("--rename", metavar="NEW", help="Give it another name.")
@click.option("--delete", is_flag=True, help="Take it away; undo brings it back.")
@click.option("--gaps", is_flag=True, help="Say what it lacks; exit code 1 if it cannot be issued.")
@click.option(
    "--template", metavar="TEMPLATE", help="Save a template under NAME, or give NAME its make-up."
)
@click.option(
    "--keep-template", metavar="TEMPLATE", help="Keep its make-up, without facts, as a template."
)
@click.option(
    "--compare", metavar="OTHER", help="Say what is different from OTHER, or from the one `issued`."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def spec_command(
    case: Path, name: str | None, save: Path | None, rename: str | None, delete: bool, gaps: bool,
    template: str | None, keep_template: str | None, compare: str | None, as_json: bool,
) -> int:  # fmt: skip
    """List the dossiers saved in CASE, or print the spec of NAME as `casekit dossier --spec` takes it."""
    from casekit.dossier import templates
    from casekit.dossier.spec import decode
    from casekit.jobs import specs

    if (save or rename or delete or gaps or template or keep_template or compare) and not name:
        raise CaseKitError("Say of which saved dossier: give its name after the case.")
    with open_case(case) as opened:
        if name is None:
            return _list(opened, as_json)
        if save:
            spec = decode(save.read_bytes(), unfinished=True)
            tell(specs.keep(opened, name, spec), as_json)
        elif rename or delete:
            with opened.write() as s:
                changes = (
                    spec_ops.rename_spec(s, name, rename)
                    if rename
                    else spec_ops.delete_spec(s, name)
                )
            tell(changes, as_json)
        elif gaps:
            return _gaps(opened, name, as_json)
        elif template:
            tell(_made_up(opened, name, template), as_json)
        elif keep_template:
            templates.keep(keep_template, specs.saved_spec(opened, name))
        elif compare:
            return _compare(opened, name, "" if compare == "issued" else compare, as_json)
        else:
            say_text(specs.saved_spec(opened, name).encoded().decode().rstrip())
    return 0


def _list(opened: Case, as_json: bool) -> int:
    from casekit.queries.specs import saved_specs

    with opened.read() as s:
        rows = saved_specs(s)
    for row in rows:
        if as_json:
            json_line({"v": 1, "name": row.name, "bytes": len(row.spec)})
        else:
            say(row.name)
    return 0


def _gaps(opened: Case, name: str, as_json: bool) -> int:
    from casekit.jobs import specs

    found = specs.gaps_of(opened, specs.saved_spec(opened, name))
    for gap in found:
        if as_json:
            json_line(
                {
                    "v": 1,
                    "kind": gap.kind,
                    "section": gap.section,
                    "place": gap.place,
                    "text": str(gap),
                }
            )
        else:
            say(f"{_SIGNS[gap.kind]} {gap}")
    return int(any(gap.stops for gap in found))


def _made_up(opened: Case, name: str, template: str) -> Changes:
    """Save a template under a name, or give what is saved there its make-up."""
    from casekit.dossier import templates
    from casekit.jobs import specs
    from casekit.queries.specs import saved_specs

    wanted = templates.template(template)
    with opened.read() as s:
        known = {row.name for row in saved_specs(s)}
    if name in known:
        wanted = templates.applied(wanted, specs.saved_spec(opened, name))
    return specs.keep(opened, name, wanted)


def _compare(opened: Case, name: str, other: str, as_json: bool) -> int:
    from casekit.dossier.differences import WORDS
    from casekit.jobs import specs

    found = specs.compared(opened, specs.saved_spec(opened, name), other)
    for one in found:
        json_line({"v": 1, "text": str(one)}) if as_json else say(str(one))
    if not found and not as_json:
        say(WORDS["none"])
    return int(bool(found))
