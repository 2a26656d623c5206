"""What a PDF of other people holds besides its pages, and what became of it on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casekit.dossier.sections.common import plain
from casekit.dossier.sheet import Fact, Facts
from casekit.dossier.wording import Wording
from casekit.queries.items import ItemView

TOLD = frozenset(
    {"annotations", "encryption", "form", "scripts", "signatures", "signed", "updates"}
)
"""Facts of a PDF that the list tells whole, so that no table need repeat them."""

_LEADS = ("launch", "submit_form", "import_data", "other_files", "rich_media")
_ITSELF = ("open_action", "further_actions")


def left_out(view: ItemView, words: Wording) -> Facts | None:
    """The list of what a PDF's pages lose when they are printed as pictures; None for what is no PDF.

    It rests on what the reader found when the file was received. A file that was read before these things
    were looked for says so: nothing is called absent that nobody looked for.
    """
    if view.row.media_type != "application/pdf" or not view.row.pages:
        return None
    rows = [Fact(words(f"foreign.{key}"), value) for key, value in _rows(view, words)]
    if "annotations" not in view.facts:
        rows.append(Fact(words("foreign.not_sought"), words("foreign.not_sought_text")))
    elif not rows:
        rows.append(Fact(words("foreign.nothing"), words("foreign.nothing_text")))
    return Facts(tuple(rows), words("foreign.heading"))


def _rows(view: ItemView, words: Wording) -> Iterator[tuple[str, str]]:
    found = view.facts
    active = found.get("active", ())
    has = frozenset(active if isinstance(active, list) else ())
    kinds = found.get("annotations")
    if isinstance(kinds, Mapping):
        counted = ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
        yield "annotations", words("foreign.annotations_text", kinds=counted)
    if found.get("form") or "form" in has:
        yield "form", words("foreign.form_text", kind=plain(found.get("form") or "AcroForm"))
    if found.get("scripts") or "javascript" in has:
        yield "scripts", words("foreign.scripts_text")
    if found.get("attachments") or "embedded_files" in has:
        names = found.get("attachments")
        told = "; ".join(map(str, names)) if isinstance(names, list) else ""
        yield "files", words("foreign.files_text", names=f": {told}" if told else "")
    if "layers" in has:
        yield "layers", words("foreign.layers_text")
    if found.get("signatures"):
        yield "signatures", _signatures(found, words)
    if found.get("encryption") or "encryption" in has:
        yield "encryption", words("foreign.encryption_text")
    if "links" in has or found.get("links"):
        yield "links", words("foreign.links_text")
    acting = [words(f"foreign.act.{name}") for name in (*_LEADS, *_ITSELF) if name in has]
    if acting:
        yield "actions", words("foreign.actions_text", kinds=", ".join(acting))
    if found.get("updates"):
        yield "states", words("foreign.states_text", n=found["updates"])


def _signatures(found: Mapping[str, Any], words: Wording) -> str:
    """Each signature as it stood in the file before its pages were drawn, a line each."""
    states = found.get("signed")
    lines = [words("foreign.signatures_text", n=found["signatures"])]
    for no, state in enumerate(states if isinstance(states, Sequence) else (), 1):
        if not isinstance(state, Mapping):
            continue
        covers = str(state.get("covers", "unknown"))
        how = words(f"foreign.covers.{covers}", n=f"{int(state.get('behind') or 0):,}")
        kind, time = plain(state.get("form") or "?"), plain(state.get("time") or "?")
        lines.append(words("foreign.signature", no=no, kind=kind, time=time, how=how))
    return "\n".join(lines)
