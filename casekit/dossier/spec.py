"""What the user asks a dossier to hold, and its JSON form for `--spec FILE`."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from casekit.dossier import limits
from casekit.dossier.sheet import Profile
from casekit.errors import CaseKitError
from casekit.queries.tiers import parsed

Section = Literal[
    "cover",
    "reading",
    "contents",
    "trial",
    "parties",
    "claims",
    "facts",
    "chronology",
    "collection",
    "method",
    "exhibits",
    "findings",
    "redactions",
    "privilege",
    "custody",
    "certificates",
    "hashes",
    "imports",
    "issued",
    "versions",
    "glossary",
]
SECTIONS: tuple[Section, ...] = get_args(Section)
ASKED: frozenset[Section] = frozenset(
    {
        "trial",
        "parties",
        "claims",
        "facts",
        "chronology",
        "collection",
        "method",
        "privilege",
        "certificates",
        "imports",
        "issued",
        "versions",
        "glossary",
    }
)
USUAL: tuple[Section, ...] = tuple(name for name in SECTIONS if name not in ASKED)
"""What a dossier holds if nothing else is asked for; the rest must be."""

CertificateKind = Literal["records", "process", "copies"]
FIELDS: dict[CertificateKind, tuple[str, ...]] = {
    "records": ("name", "qualifications", "knowledge", "making", "keeping", "practice", "changes", "notice"),
    "process": ("name", "qualifications", "knowledge", "system", "working", "accuracy", "malfunctions",
                "changes", "notice"),
    "copies": ("name", "qualifications", "knowledge", "source", "copying", "hashing", "reverification",
               "changes", "notice"),
}  # fmt: skip
"""What the person who certifies must state, in the order of the paragraphs; nothing is said for them.

Sources: Federal Rules of Evidence 902(11) with 803(6)(A)–(C), 902(13) and 902(14).
"""
SIGNED = ("date", "place")
"""What is known only when it is signed: left to the pen where it is empty."""

MOST_CONTEXT = 100


NARRATIVE = ("people", "authority", "scope", "exclusions", "gaps", "clock")
"""What only a person can say of how the evidence was collected."""


METHOD = ("design", "choice", "standing", "witness")
"""What only a person can say of how the findings were made."""

Words = Literal["", "us-federal", "england-wales", "eu", "neutral", "neutral-zh"]
MOST_TERMS = 200


class Offered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As what counsel offers a finding, a similarity exhibit or a table; without one it is neither.

    Attributes:
        kind: A `summary` of voluminous records, which is evidence, or an illustrative `aid`, which is not.
            Source: Federal Rules of Evidence 1006 and 107 as of 1 December 2024.
        availability: Of a summary, where and when its sources were made available.
        preparer: Of a summary, who made or checked it.
    """

    kind: Literal["summary", "aid"]
    availability: str = ""
    preparer: str = ""


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A certification to be signed by a person; every fact in it is theirs.

    Attributes:
        kind: `records` of a regular activity, records that a `process` generated, or `copies` of data.
        fields: The person's own words by the names in `FIELDS` and `SIGNED`.
        exhibits: Labels that it speaks of; None: all that are in the dossier.
        signed_in: Where it will be signed, `us` or `abroad`: the words of 28 U.S.C. § 1746 differ.
    """

    kind: CertificateKind
    fields: dict[str, str] = {}
    exhibits: tuple[str, ...] | None = None
    signed_in: Literal["", "us", "abroad"] = ""


class DossierSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wish for a dossier; every field has a default that fits most.

    Attributes:
        title: Of the document; empty: the matter's title or the profile's own.
        sections: Which sections, in this order.
        exhibits: Labels to include, in this order; None: all, in the case's order.
        findings: Ids to include; None: all.
        facts: Ids of those that the claims map and the chronology of facts hold; None: all that somebody has
            evaluated. One that cites nothing, or cites what is withheld, is in neither.
        events: Which events of the timeline the chronology of the exhibits holds too: `none`, `all`, or their
            numbers. One that rests on what is withheld is in none.
        gaps: The claims map shows elements that rest on nothing too.
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
            courts ask), `archive` (PDF/A-3u with the native record of every exhibit, masked nowhere), or
            `accessible` (PDF/A-2a and PDF/UA-1, tagged for screen readers).
        certificates: What the section of that name holds.
        offered: As what counsel offers a finding (`F-1`), a similarity exhibit (`S-1`) or a table
            (`parties`, `claims`, `facts`, `chronology`); what is not named is neither summary nor aid.
        narrative: The user's own words on the collection, by the names in `NARRATIVE`.
        privilege_format: Of the privilege log: a row an item with its description (`document`), a row a
            `category`, or a row an item by its `metadata` alone.
        limit_mb: The largest file that the court takes, in megabytes (1,000,000 bytes); what is longer is
            written in parts. 0: one file, whatever its size.
        method: The user's own words on how the findings were made, by the names in `METHOD`.
        terms: The user's own entries of the glossary; one of the dossier's own words takes its place.
        words: Whose wording is used, such as `us-federal`; empty: that of the matter's profile.
        recipients: Who receives it, each as `NAME, ROLE` with a role of `queries.tiers.ROLES`.
    """

    title: str = ""
    sections: tuple[Section, ...] = USUAL
    exhibits: tuple[str, ...] | None = None
    findings: tuple[int, ...] | None = None
    facts: tuple[int, ...] | None = None
    events: Literal["none", "all"] | tuple[int, ...] = "none"
    gaps: bool = False
    paper: Literal["", "letter", "a4"] = ""
    designation: str = ""
    offered_by: str = ""
    raw: Literal["none", "log", "all"] = "log"
    dpi: int = 150
    pairs: int = 10
    machine_texts: bool = False
    context: int = 0
    profile: Profile = "filing"
    certificates: tuple[Certificate, ...] = ()
    narrative: dict[str, str] = {}
    offered: dict[str, Offered] = {}
    privilege_format: Literal["document", "category", "metadata"] = "document"
    limit_mb: float = 0.0
    method: dict[str, str] = {}
    terms: dict[str, str] = {}
    words: Words = ""
    recipients: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        """The spec as JSON for a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def decode(untrusted_spec: bytes, *, unfinished: bool = False) -> DossierSpec:
    """A spec from the JSON a user wrote.

    Args:
        untrusted_spec: JSON.
        unfinished: Let it hold words of sections that are not asked for, as one that is being edited may.

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
    check_fields(spec)
    if not unfinished:
        check(spec)
    return spec


def in_use(spec: DossierSpec) -> DossierSpec:
    """The spec without the words of sections that are not asked for, which an editor keeps for later."""
    asked = set(spec.sections)

    def is_in(name: str) -> bool:
        return name in asked if name in SECTIONS else "findings" in asked

    return msgspec.structs.replace(
        spec,
        certificates=spec.certificates if "certificates" in asked else (),
        narrative={k: v for k, v in spec.narrative.items() if "collection" in asked and v.strip()},
        method={k: v for k, v in spec.method.items() if "method" in asked and v.strip()},
        terms=spec.terms if "glossary" in asked else {},
        offered={name: offer for name, offer in spec.offered.items() if is_in(name)},
    )


def check(spec: DossierSpec) -> None:
    """Refuse a spec of which a text would not be printed as it was written.

    Raises:
        CaseKitError: A field has no place, or a section and what it holds are not asked for together.
    """
    check_fields(spec)
    for kept, section, what in (
        (spec.narrative, "collection", "a narrative of the collection"),
        (spec.method, "method", "a statement on the method"),
        (spec.terms, "glossary", "terms of its own"),
    ):
        if kept and section not in spec.sections:
            raise CaseKitError(
                "The spec has {what}: name the section “{section}”, or take it out.",
                what=what, section=section,
            )  # fmt: skip
    if bool(spec.certificates) != ("certificates" in spec.sections):
        raise CaseKitError(
            "The spec must name the section “certificates” and say under “certificates” which there are, "
            "or do neither."
        )


def check_fields(spec: DossierSpec) -> None:
    """Refuse a spec with a text that has no place on paper.

    Raises:
        CaseKitError: A certificate, the narrative, the method or the glossary has a field that is not known, or
            a recipient has no name or role.
    """
    for certificate in spec.certificates:
        known = (*FIELDS[certificate.kind], *SIGNED)
        for name in certificate.fields:
            if name not in known:
                raise CaseKitError(
                    "A certificate of the kind {kind} has no field “{name}”: it has {known}.",
                    kind=certificate.kind, name=name, known=", ".join(known),
                )  # fmt: skip
    for name in spec.narrative:
        if name not in NARRATIVE:
            raise CaseKitError(
                "The narrative of the collection has no “{name}”: it has {known}.",
                name=name, known=", ".join(NARRATIVE),
            )  # fmt: skip
    for name in spec.method:
        if name not in METHOD:
            raise CaseKitError(
                "The statement on the method has no “{name}”: it has {known}.",
                name=name, known=", ".join(METHOD),
            )  # fmt: skip
    if len(spec.terms) > MOST_TERMS or not all(term.strip() for term in spec.terms):
        raise CaseKitError(
            "The glossary may have at most {most} terms of the spec's own, none of them empty.",
            most=MOST_TERMS,
        )
    limits.check(spec.limit_mb)
    parsed(spec.recipients)
