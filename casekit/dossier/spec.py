"""What the user asks a dossier to hold, and its JSON form for `--spec FILE`."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from casekit.dossier.pdfa import Profile
from casekit.errors import CaseKitError

Section = Literal[
    "cover",
    "reading",
    "contents",
    "exhibits",
    "findings",
    "redactions",
    "custody",
    "hashes",
    "imports",
]
SECTIONS: tuple[Section, ...] = get_args(Section)
USUAL: tuple[Section, ...] = SECTIONS[:-1]
"""What a dossier holds if nothing else is asked for; the rest must be."""

MOST_CONTEXT = 100


class DossierSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wish for a dossier; every field has a default that fits most.

    Attributes:
        title: Of the document; empty: the matter's title or the profile's own.
        sections: Which sections, in this order.
        exhibits: Labels to include, in this order; None: all, in the case's order.
        findings: Ids to include; None: all.
        paper: `letter` or `a4`; empty: by the matter's profile.
        designation: Such as CONFIDENTIAL; empty: the matter's.
        offered_by: Who offers it; empty: the matter's.
        raw: For which exhibits the exact record is printed too: of `log` extracts, `all`, or `none`.
        dpi: Resolution of other people's pages, dots an inch, 72 to 300.
        pairs: The most pairs of texts shown a finding.
        machine_texts: Print after pictures and scanned pages what a machine read in them, as an aid.
        context: Messages of a conversation printed before and after one that is an exhibit, 0 to 100; they go
            out though they are no exhibits, so there are none unless they are asked for.
        profile: What it is for: `filing` and `bundle` (PDF/A-2u, nothing attached; the second as English
            courts ask), or `archive` (PDF/A-3u with the native record of every exhibit, masked nowhere).
    """

    title: str = ""
    sections: tuple[Section, ...] = USUAL
    exhibits: tuple[str, ...] | None = None
    findings: tuple[int, ...] | None = None
    paper: Literal["", "letter", "a4"] = ""
    designation: str = ""
    offered_by: str = ""
    raw: Literal["none", "log", "all"] = "log"
    dpi: int = 150
    pairs: int = 10
    machine_texts: bool = False
    context: int = 0
    profile: Profile = "filing"

    def encoded(self) -> bytes:
        """The spec as JSON for a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def decode(untrusted_spec: bytes) -> DossierSpec:
    """A spec from the JSON a user wrote.

    Raises:
        CaseKitError: A field is unknown or has a wrong value; the message says which.
    """
    try:
        spec = msgspec.json.decode(untrusted_spec, type=DossierSpec)
    except msgspec.DecodeError as error:
        raise CaseKitError(
            "The dossier's spec cannot be used: {why}. Correct the file and try again.",
            why=str(error),
        ) from error
    if not 72 <= spec.dpi <= 300:
        raise CaseKitError("The resolution must be 72 to 300 dots an inch, not {n}.", n=spec.dpi)
    if not 0 <= spec.context <= MOST_CONTEXT:
        raise CaseKitError(
            "The messages around one must be 0 to {most}, not {n}.",
            most=MOST_CONTEXT,
            n=spec.context,
        )
    if spec.pairs < 0 or len(set(spec.sections)) < len(spec.sections):
        raise CaseKitError("The spec names a section twice or a negative number of pairs.")
    return spec
