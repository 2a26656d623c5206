"""The register of issued versions in the window: what was issued, what changed, to whom it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casekit.clock import iso
from casekit.i18n import tr
from casekit.ui.writing import shown

if TYPE_CHECKING:
    from casekit.queries.issued import Issued
    from casekit.ui.window import Window


def show_register(window: Window) -> None:
    """Show every issued version, the newest first."""
    shell = window.shell
    if shell is None:
        return

    def query(s: Any) -> list[Issued]:
        from casekit.queries import issued

        return issued.issued(s)

    def arrived(rows: list[Issued]) -> None:
        if not rows:
            window.say(tr("Nothing was issued yet."))
            return
        lines = [(tr("Issued versions"), f"{len(rows):,}")]
        title = tr("Register of issued versions")
        window.ask.report(title, title, lines, register_text(rows))

    shell.read("issued", query, arrived)


def register_text(rows: Sequence[Issued]) -> str:
    """The register as text, the newest version first."""
    return "\n\n".join(_version(one) for one in reversed(rows))


def _version(one: Issued) -> str:
    kind = f"{one.kind}, {one.profile}" if one.profile else one.kind
    lines = [f"{one.number}  {shown(one.title)}  {iso(one.at_us)[:10]}  {kind}"]
    if one.ranges:
        lines.append(f"    {one.ranges}")
    lines += [f"    SHA-256 {one.sha256[:32]}", f"            {one.sha256[32:]}"]
    if one.before:
        said = tr(
            "Against version {before}: items in {added}, out {removed}",
            before=one.before, added=len(one.added), removed=len(one.removed),
        )  # fmt: skip
        more = " · " + tr("redactions changed") if one.redactions_changed else ""
        lines.append(f"    {said}{more}")
    if one.recipients:
        lines.append("    " + tr("For {names}", names=shown("; ".join(one.recipients))))
    for gone in one.sendings:
        role = f" ({shown(gone.role)})" if gone.role else ""
        lines.append(f"    → {shown(gone.recipient)}{role}, {gone.sent}, {gone.how}")
    return "\n".join(lines)
