"""The register of issued versions as pages: what was frozen before, for whom, to whom it went, what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from casekit import clock
from casekit.dossier.sheet import Block, Column, Grid, Remark
from casekit.dossier.wording import Wording
from casekit.queries.issued import Issued, Sending
from casekit.queries.redactions import WithheldWords


def blocks(
    versions: Sequence[Issued], withheld: WithheldWords, words: Wording
) -> tuple[Block, ...]:
    """A table of what was issued before this dossier, then a table of what was sent.

    Args:
        versions: Oldest first.
        withheld: What nothing printed may tell: a name with such words is left out.
        words: The court's wording.
    """
    if not versions:
        return (Remark(words("issued.none")),)

    def safe(text: str) -> str:
        return words("issued.hidden") if withheld.places(text) else text

    columns = (
        Column(words("issued.number"), 6), Column(words("issued.what"), 27), Column(words("issued.when"), 14),
        Column(words("issued.numbers"), 21), Column(words("issued.changes"), 17),
        Column("SHA-256", 15, "mono"),
    )  # fmt: skip
    rows = tuple(
        (
            str(one.number),
            _what(one, safe(one.title), words),
            _when(one),
            one.ranges.replace(", ", "\n") or "–",
            _changes(one, words),
            one.sha256,
        )
        for one in versions
    )  # fmt: skip
    made: list[Block] = [
        Remark(words("issued.intro")),
        Grid(columns, rows, words("issued.versions")),
    ]
    went = [(one, each) for one in versions for each in one.sendings]
    meant = tuple(
        (str(one.number), safe("; ".join(one.recipients))) for one in versions if one.recipients
    )
    if meant:
        two = Column(words("issued.number"), 10), Column(words("issued.for"), 90)
        made.append(Grid(two, meant, words("issued.meant")))
    if went:
        made.append(_sent(went, safe, words))
    made.append(Remark(words("issued.note"), small=True))
    return tuple(made)


def table(versions: Sequence[Issued], withheld: WithheldWords, words: Wording) -> Grid:
    """The register with everything of a version in one row, for a spreadsheet or a page on its side."""

    def safe(text: str) -> str:
        return words("issued.hidden") if withheld.places(text) else text

    columns = (
        Column(words("issued.number"), 5), Column(words("issued.what"), 18), Column(words("issued.when"), 11),
        Column(words("issued.numbers"), 15), Column(words("issued.changes"), 13),
        Column(words("issued.for"), 11), Column(words("issued.sendings"), 15), Column("SHA-256", 12, "mono"),
    )  # fmt: skip
    rows = tuple(
        (
            str(one.number), _what(one, safe(one.title), words), _when(one),
            one.ranges.replace(", ", "\n") or "–", _changes(one, words),
            safe("\n".join(one.recipients)) or "–",
            "\n".join(", ".join(_sending(each, safe, words)) for each in one.sendings) or "–", one.sha256,
        )
        for one in versions
    )  # fmt: skip
    return Grid(columns, rows)


def _when(one: Issued) -> str:
    return clock.iso(one.at_us)[:16].replace("T", " ")


def _sending(each: Sending, safe: Callable[[str], str], words: Wording) -> tuple[str, str, str]:
    """To whom, when and how."""
    who = safe(f"{each.recipient} ({each.role})" if each.role else each.recipient)
    return who, each.sent, words.get(f"issued.by.{each.how}", each.how)


def _what(one: Issued, title: str, words: Wording) -> str:
    told = [title, words(f"issued.kind.{one.kind}")]
    if one.pages:
        told.append(words("issued.pages", n=f"{one.pages:,}"))
    return "\n".join(told)


def _changes(one: Issued, words: Wording) -> str:
    """What is different from the version of the same name before it."""
    if not one.before:
        return words("issued.first")
    told = [words("issued.against", n=one.before)]
    if one.added:
        told.append(words("issued.added", n=f"{len(one.added):,}"))
    if one.removed:
        told.append(words("issued.removed", n=f"{len(one.removed):,}"))
    if one.redactions_changed:
        told.append(words("issued.redactions"))
    return "\n".join(told if len(told) > 1 else (*told, words("issued.same")))


def _sent(
    went: Sequence[tuple[Issued, Sending]], safe: Callable[[str], str], words: Wording
) -> Grid:
    columns = (
        Column(words("issued.number"), 8), Column(words("issued.to"), 44), Column(words("issued.sent"), 16),
        Column(words("issued.how"), 32),
    )  # fmt: skip
    rows = tuple((str(one.number), *_sending(each, safe, words)) for one, each in went)
    return Grid(columns, rows, words("issued.sendings"))
