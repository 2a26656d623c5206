"""An overlay written: a DAT of changed fields alone, with its manifest and hashes, recorded and then named."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from casekit import clock
from casekit.dossier import overlay, redact
from casekit.dossier.load_file import NEW_LINE, Encoding, dat, read_dat, unwritten
from casekit.dossier.manifest import named
from casekit.dossier.overlay import Overlay
from casekit.errors import CaseKitError
from casekit.jobs.sealing import Made, give_name, put, recorded, seal, settle
from casekit.ops import productions
from casekit.queries import items
from casekit.queries.names import check_name
from casekit.queries.productions import OVERLAY
from casekit.search import query as parsed_query
from casekit.store.case import Case

_TELLS = (
    "The overlay would tell words that are redacted elsewhere: {places}. Redact them there too, or leave "
    "those documents out."
)


def plan(
    case: Case, query: str, *, designation: str | None = None, encoding: Encoding = "utf-8",
    recipients: Sequence[str] = (),
) -> Overlay:  # fmt: skip
    """What an overlay for all that a query finds would change; nothing is written.

    Raises:
        CaseKitError: As `dossier.overlay.plan`.
    """
    node = parsed_query(case, query)
    with case.read() as s:
        ids = [int(i) for i in items.item_ids(s, node, order="date")]
        return overlay.plan(
            s, ids, designation=designation, encoding=encoding, recipients=recipients
        )


def write(case: Case, planned: Overlay, folder: Path) -> Path:
    """Write a planned overlay into a folder below `folder` that has its name, and record it.

    Raises:
        CaseKitError: It is there already, the folder's name tells what is withheld, a value would tell words
            that are redacted, or the case has changed since it was planned.
    """
    out = folder / planned.title
    if out.exists():
        raise CaseKitError("{name} is already there: choose another folder.", name=out.name)
    with case.read() as s:
        check_name(s, folder.resolve().name)
        withheld = redact.all_withheld(s)
    redact.refuse(
        (
            (row["BEGBATES"], name)
            for row in planned.rows
            for value in row.values()
            for text in (value, unwritten(value))
            for _, _, name in withheld.places(text)
        ),
        _TELLS,
    )
    table = dat(planned.fields, planned.rows, planned.encoding)
    wanted = [{n: row[n].replace(NEW_LINE, "\n") for n in planned.fields} for row in planned.rows]
    if read_dat(table) != wanted:
        raise CaseKitError("The load file does not read back as it was planned: report this fault.")
    folder.mkdir(parents=True, exist_ok=True)
    building = folder / f".{planned.title}-{secrets.token_hex(4)}"
    before = False
    try:
        content = {
            "v": 1, "volume": planned.title, "date": clock.iso(planned.at_us), "case": planned.case,
            "made_with": f"CaseKit {planned.version}", "plan_sha256": planned.digest().hex(),
            "custody": {"seq": planned.custody_seq, "root": planned.custody_root},
            "documents": len(planned.rows), "changed": list(planned.fields[1:]),
        }  # fmt: skip
        if planned.recipients:
            content["recipients"] = named(planned.recipients)
        name = f"DATA/{planned.title}.DAT"
        digest = seal(building, content, {name: put(building / name, table)}, {})
        settle(building)
        before = recorded(case, building)
        with case.write() as s:
            productions.issue(s, planned, Made(digest, 0), kind=OVERLAY)
    except BaseException:
        if before or not recorded(case, building):
            shutil.rmtree(building, ignore_errors=True)
        raise
    give_name(building, out)
    return out
