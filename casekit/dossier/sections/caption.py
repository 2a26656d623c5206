"""The cover's caption, the running head and the page that says how to read and verify the dossier."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.dossier.sections.common import facts, grouped, instant
from casekit.dossier.sheet import Cover, Remark, Withheld
from casekit.dossier.wording import Wording
from casekit.queries.matter import MatterRow, PartyRow

ABOVE = ("plaintiff", "claimant")
BELOW = ("defendant", "respondent")


def cover(
    matter: MatterRow, words: Wording, *, title: str, designation: str, offered_by: str, draft: bool,
    at_us: int, state: tuple[int, str], counts: str, version: str,
) -> Cover:  # fmt: skip
    """The cover; `state` is the custody entry the dossier rests on and the log's root up to it."""
    seq, root = state
    lines = facts(
        (words("cover.offered_by"), offered_by),
        (words("cover.counsel"), matter.counsel),
        (words("cover.date"), instant(at_us, 1_000_000)),
        (words("cover.holds"), counts),
        (words("cover.state"), words("cover.state_text", seq=f"{seq:,}")),
    )
    root_line = facts((words("cover.root"), grouped(root)))
    mono = tuple(type(f)(f.label, f.value, "mono") for f in root_line)
    made = facts((words("cover.made_with"), words("cover.made_with_text", version=version)))
    return Cover(
        court=matter.court,
        above=_side(matter, ABOVE, words) or ((matter.name, ""),),
        versus=words("caption.versus"),
        below=_side(matter, BELOW, words),
        number=words("caption.number", number=matter.number) if matter.number else "",
        judge=words("caption.judge", judge=matter.judge) if matter.judge else "",
        title=title,
        lines=(*lines, *mono, *made),
        designation=designation,
        draft=words("draft.cover") if draft else "",
    )


def head(matter: MatterRow, designation: str) -> tuple[str, str, str]:
    """Short caption, number, designation."""
    above = [p for p in matter.parties if p.side in ABOVE]
    below = [p for p in matter.parties if p.side in BELOW]
    short = matter.name
    if above and below and above[0].short and below[0].short:
        short = f"{above[0].short} v. {below[0].short}"
    return short, matter.number, designation


def reading(
    words: Wording,
    draft: bool,
    withheld: Sequence[Withheld],
    languages: str = "",
    *,
    attached: bool = False,
    findings: bool = True,
    limit_mb: float = 0.0,
    unnamed: bool = False,
) -> tuple[Remark, ...]:
    """The page that every reader needs, and how a stranger checks the dossier.

    Args:
        words: The wording.
        draft: Nobody signs a draft, so it does not say how a signature beside it is checked.
        withheld: What was left out, and on which ground.
        languages: A sentence on the languages of the dossier.
        attached: The records are inside the PDF, and so is its signature.
        findings: There are some.
        limit_mb: The largest file that may be written, in megabytes; 0: any.
        unnamed: The matter has an order on confidentiality, and nobody said who receives this.
    """
    keys = ["what", "pages", "lines", "shown", "hashes", "verify", "similarity"]
    if attached:
        keys.insert(1, "attached")
    if limit_mb:
        keys.insert(keys.index("lines"), "parts")
    if not findings:
        keys.remove("similarity")
    texts = {k: words(f"reading.{k}") for k in keys}
    if limit_mb and attached:
        texts["attached"] += " " + words("reading.attached_beside")
    if limit_mb:
        texts["parts"] = words("reading.parts", mb=f"{limit_mb:g}")
    more = ["own"] if draft or attached else ["signed", "own"]
    texts["verify"] = "\n".join([texts["verify"], *(words(f"reading.{k}") for k in more)])
    found = [Remark(text, words(f"reading.{k}_head")) for k, text in texts.items()]
    if draft:
        found.insert(0, Remark(words("reading.draft"), words("reading.draft_head")))
        if unnamed:
            found.insert(1, Remark(words("reading.unnamed"), words("reading.unnamed_head")))
    if withheld:
        found.append(
            Remark(" ".join(withheld_lines(withheld, words)), words("reading.withheld_head"))
        )
    if languages:
        found.append(Remark(languages, small=True))
    return tuple(found)


def withheld_lines(withheld: Sequence[Withheld], words: Wording) -> list[str]:
    """One sentence a ground on which something was left out."""
    return [
        words(
            "withheld.line",
            exhibits=words.count("withheld.exhibits", w.exhibits),
            items=words.count("withheld.items", w.items),
            basis=words.get(f"basis.{w.basis}", w.basis),
        )
        for w in withheld
    ]


def prefix(matter: MatterRow) -> str:
    """The prefix of Bates numbers: the matter's own, or three letters of who offers the dossier."""
    if matter.bates_prefix:
        return matter.bates_prefix
    above = [p for p in matter.parties if p.side in ABOVE]
    name = _short(above[0]) if above else matter.offered_by or matter.name
    letters = [c for c in name.upper() if c.isascii() and c.isalpha()]
    return "".join(letters[:3]) or "CK"


def stamp(matter: MatterRow, offered_by: str, words: Wording) -> str:
    """The small line of an exhibit's stamp, by the side of who offers it."""
    for party in matter.parties:
        if offered_by and offered_by in {party.name, party.short}:
            return words.get(f"stamp.{party.side}", words("stamp.exhibit"))
    return words("stamp.exhibit")


def _side(matter: MatterRow, sides: Sequence[str], words: Wording) -> tuple[tuple[str, str], ...]:
    parties = [p for p in matter.parties if p.side in sides]
    found = []
    for n, party in enumerate(parties):
        last = n == len(parties) - 1
        standing = (
            words(f"side.{party.side}.{'one' if len(parties) == 1 else 'many'}") if last else ""
        )
        comma = words("caption.comma") if standing or not last else ""
        found.append((party.name + comma, standing))
    return tuple(found)


def _short(party: PartyRow) -> str:
    return party.short or party.name
