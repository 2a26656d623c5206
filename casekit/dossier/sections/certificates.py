"""Certifications for a person to sign: their own words in the order of the rule, and a schedule of hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from casekit.dossier.sections.common import bates_text, grouped, instant
from casekit.dossier.sections.stated import is_open, or_gap, stated
from casekit.dossier.sheet import Block, Column, Fact, Facts, Grid, Produced, Remark, Subhead
from casekit.dossier.spec import FIELDS, SIGNED, Certificate, DossierSpec
from casekit.dossier.wording import Wording
from casekit.errors import CaseKitError
from casekit.queries.items import ItemView, ReceiptRow
from casekit.store.tables import original

Listed = Sequence[tuple[str, ItemView]]


def blocks(
    s: Connection, spec: DossierSpec, listed: Listed, produced: Mapping[int, Produced],
    words: Wording, *, draft: bool,
) -> tuple[Block, ...]:  # fmt: skip
    """Each certificate with its schedule, on pages of its own.

    Args:
        s: Reading session.
        spec: Says which certificates there are.
        listed: What is printed: label and item.
        produced: The same items with their numbers and hashes, without those that would tell a redaction.
        words: The court's wording.
        draft: Mark what is missing instead of refusing it.

    Raises:
        CaseKitError: It is to be issued and something in it is not stated, or it speaks of an exhibit that is
            not in the dossier.
    """
    made: list[Block] = []
    for n, certificate in enumerate(spec.certificates):
        mine = _spoken_of(certificate, listed)
        if not draft and (gaps := missing(certificate, mine, words)):
            raise CaseKitError(
                "“{title}” cannot be issued, because this is not stated: {gaps}. Fill it in, or leave the "
                "certificate out.",
                title=words(f"certificate.{certificate.kind}"), gaps="; ".join(gaps),
            )  # fmt: skip
        made.append(Subhead(words(f"certificate.{certificate.kind}"), new_page=n > 0))
        made += _statement(certificate, _labels(mine), words)
        made.append(_signature(certificate, words))
        if draft:
            made.append(Remark(words("certificate.draft", jurisdiction=words("about.jurisdiction"),
                                     date=words("about.date")), small=True))  # fmt: skip
        made += _schedule(s, mine, produced, words)
    return tuple(made)


def missing(certificate: Certificate, mine: Listed, words: Wording) -> list[str]:
    """What a certificate does not state yet, in the words of its labels; `mine` is what it speaks of."""
    return [
        words(f"certificate.label.{name}")
        for name in open_fields(certificate, words, speaks=bool(mine))
    ]


def open_fields(certificate: Certificate, words: Wording, *, speaks: bool) -> list[str]:
    """The names of what is not stated yet; `speaks`: it speaks of some exhibit."""
    gaps = [name for name in FIELDS[certificate.kind] if is_open(certificate.fields.get(name, ""))]
    if not speaks:
        gaps.append("exhibits")
    if not _declaration(certificate, words):
        gaps.append("signed_in")
    return gaps


def _spoken_of(certificate: Certificate, listed: Listed) -> Listed:
    if certificate.exhibits is None:
        return listed
    known = {label for label, _ in listed}
    for label in certificate.exhibits:
        if label not in known:
            raise CaseKitError(
                "A certificate speaks of Exhibit {label}, which is not in this dossier: add the exhibit, or "
                "take it out of the certificate.",
                label=label,
            )
    return [(label, view) for label, view in listed if label in certificate.exhibits]


def _or_gap(certificate: Certificate, name: str, words: Wording) -> str:
    gap = words("certificate.gap", what=words(f"certificate.ask.{name}"))
    return or_gap(certificate.fields.get(name, ""), gap)


def _statement(certificate: Certificate, labels: str, words: Wording) -> list[Block]:
    name = _or_gap(certificate, "name", words)
    stated = [
        (words(f"certificate.label.{field}"), _or_gap(certificate, field, words))
        for field in FIELDS[certificate.kind]
        if field != "name"
    ]
    stated.insert(
        2, (words("certificate.label.exhibits"), words("certificate.exhibits", labels=labels))
    )
    stated.append((words("certificate.label.limits"), words("certificate.limits")))
    rows = tuple(Fact(f"{n}. {label}", text, "serif") for n, (label, text) in enumerate(stated, 1))
    return [Remark(words("certificate.opening", name=name)), Facts(rows)]


def _signature(certificate: Certificate, words: Wording) -> Facts:
    """The declaration with the lines to sign on, never parted from it."""
    declaration = _declaration(certificate, words) or words(
        "certificate.gap", what=words("certificate.ask.signed_in")
    )
    by_pen = "\n\n"
    rows = [Fact(words("certificate.label.declaration"), declaration, "serif")]
    rows += [
        Fact(
            words(f"certificate.label.{name}"),
            stated(certificate.fields.get(name, "")) or by_pen,
            "serif",
        )
        for name in SIGNED
    ]
    rows.append(Fact(words("certificate.label.signature"), f"\n{by_pen}", "serif"))
    rows.append(Fact(words("certificate.label.name"), _or_gap(certificate, "name", words), "serif"))
    return Facts(tuple(rows), words("certificate.signing"), whole=True)


def _declaration(certificate: Certificate, words: Wording) -> str:
    """The court's formula; where it depends on the place of signing, only once that is chosen."""
    chosen = words.get(f"certificate.declaration_{certificate.signed_in or 'unknown'}")
    return chosen or words("certificate.declaration")


def _labels(listed: Listed) -> str:
    return ", ".join(dict.fromkeys(label for label, _ in listed)) or "–"


def _schedule(
    s: Connection, listed: Listed, produced: Mapping[int, Produced], words: Wording
) -> list[Block]:
    """Every file once a receipt, with the hash computed then and the one that came with it."""
    query = select(original.c.sha256, original.c.size)
    wanted = {view.original_sha256 for _, view in listed}
    sizes = {r.sha256: r.size for r in s.execute(query) if r.sha256 in wanted}
    files: dict[bytes, list[tuple[str, ItemView]]] = {}
    for label, view in listed:
        files.setdefault(view.original_sha256, []).append((label, view))
    rows: list[tuple[str, ...]] = []
    for sha256, inside in files.items():
        first = inside[0][1]
        told = bool(produced[first.row.id].original_sha256)
        numbers = [produced[view.row.id] for _, view in inside]
        known = [bates_text(p.prefix, p.first, p.last) for p in numbers if p.prefix]
        name = "\n".join((_labels(inside), *known[:1], *(("…",) if len(known) > 1 else ())))
        for receipt in first.receipts:
            hashes = _hashes(sha256.hex(), receipt, words) if told else words("redacted.hash")
            rows.append((name, instant(receipt.at_us, 1_000_000), f"{sizes[sha256]:,}", hashes,
                         _match(receipt, words) if told else "–"))  # fmt: skip
    columns = (
        Column(words("certificate.column.exhibits"), 20), Column(words("certificate.column.received"), 17),
        Column(words("certificate.column.bytes"), 12), Column(words("certificate.column.hashes"), 37, "mono"),
        Column(words("certificate.column.match"), 14),
    )  # fmt: skip
    return [
        Subhead(words("certificate.schedule"), new_page=True),
        Remark(words("certificate.schedule_note")),
        Grid(columns, tuple(rows)),
    ]


def _hashes(sha256: str, receipt: ReceiptRow, words: Wording) -> str:
    lines = [words("certificate.computed"), grouped(sha256, 2)]
    if receipt.supplied_hash:
        algorithm, _, value = receipt.supplied_hash.partition(":")
        lines += [words("certificate.supplied", algorithm=algorithm.upper()), grouped(value, 2)]
    return "\n".join(lines)


def _match(receipt: ReceiptRow, words: Wording) -> str:
    if not receipt.supplied_hash:
        return words("certificate.none_supplied")
    return words("certificate.equal" if receipt.supplied_match == "yes" else "certificate.differs")
