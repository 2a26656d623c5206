"""Which stretches of a mail's text its author did not write afresh: quotations and signatures, by place.

They are told anew for whoever shows or compares a mail: a reading of habits has no place in the record.
"""

from __future__ import annotations

import re

Span = tuple[int, int, str]
"""First character, the one behind the last, and `quote` or `signature`."""

MAX_SPANS = 2000

# These begin with a line feed, which is found quickly, and are looked for behind one of our own.
# (`>From ` is how a mailbox wrote `From `, and no quotation.)
_QUOTED = re.compile(r"\n[ \t]{0,3}>(?!From )[^\n]*+(?>(?:\n[ \t]{0,3}>[^\n]*+)*)")
_SIGNATURE = re.compile(r"\n-- ?(?=\n)")
_LIST_FOOTER = re.compile(r"\n_{20,}\n[^\n]{0,200}mailing list\b")
_FORWARDED = re.compile(
    r"\n[ \t]{0,3}(?=[-Bb])(?:-{2,}[ \t]*(?:original message|original appointment|forwarded message|"
    r"forwarded by [^\n]{1,120}|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|"
    r"message original|mensaje original|mensaje reenviado|messaggio originale|"
    r"oorspronkelijk bericht|原始邮件|原始郵件|转发的邮件)[ \t]*-{2,}|begin forwarded message:)[ \t]*(?=\n|\Z)",
    re.IGNORECASE,
)
# The fields Outlook writes over the message that is answered, in the languages it is much used in.
_HEADER = re.compile(
    r"\n(?=[_*FfVvDd发寄差])(?:_{20,}\n)?"
    r"\*?(?:from|von|de|da|van|från|fra|发件人|寄件者|差出人)\*?[ ]?[:：][^\n]{1,300}\n"
    r"(?:\*?[^\n:：]{2,30}[:：][^\n]{0,1000}\n){0,3}?"
    r"\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|assunto|主题|主旨|件名)\*?[ ]?[:：]",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|écrit|escribió|ha scritto|schreef|skrev|escreveu|napisał|написал)\b"
    r"[^\n]{0,120}:\s*\Z|写道[：:]\s*\Z",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:on|am|le|el|il|op|den|em|w|в|在)\s|\d", re.IGNORECASE)
_ALONE = re.compile(
    r"\n(?=[OALEID])(?:On|Am|Le|El|Il|Op|Den|Em)[ ][^\n]{8,250}(?:\n[^\n]{1,120})?"
    r"\b(?:wrote|schrieb[^\n]{0,100}|a écrit ?|escribió|ha scritto|schreef[^\n]{0,100}|skrev[^\n]{0,100}"
    r"|escreveu):[ \t]*(?=\n)"
)
_LOOK_BACK = 500


def quoted_spans(text: str) -> list[Span]:
    """Quotations and signatures of a text, in order and without overlap; the text stays as it is.

    A quotation is a run of lines that begin with `>`, with the line above it that says who wrote it, or
    all that follows the mark or the header fields which a program puts over the message answered. A
    signature begins at a line `-- ` or `--` (RFC 3676, 4.3) or at a mailing list's footer. These are
    readings of habits, not of a standard: what is marked can be wrong, and nothing is left out for it.
    """
    lines = "\n" + text  # a match that begins with a line feed begins one further on in the text
    end = _rest_begins(lines)
    spans: list[Span] = []
    if ">" in text:
        for found in _QUOTED.finditer(lines, 0, end + 1):
            stop = min(found.end(), end)  # with the line feed behind its last line
            begin = _with_attribution(text, found.start(), spans[-1][1] if spans else 0)
            spans.append((begin, stop, "quote"))
            if len(spans) >= MAX_SPANS:
                return spans
    if "\n--" in lines or "\n____" in lines:
        spans = _with_signatures(lines, spans, end)
    if end < len(text):
        spans.append((end, len(text), "quote"))
    return spans


def _rest_begins(lines: str) -> int:
    """Where all that follows is somebody else's message; the end if there is no such place."""
    places = []
    if "--" in lines or "orwarded message" in lines:
        places += [found.start() for found in (_FORWARDED.search(lines),) if found]
    places += [found.start() for found in (_HEADER.search(lines),) if found]
    alone = _ALONE.search(lines)
    if alone and lines[alone.end() : alone.end() + 80].lstrip()[:1] not in (">", "|"):
        places.append(alone.start())
    return min(places, default=len(lines) - 1)


def _with_attribution(text: str, begin: int, floor: int) -> int:
    """Where the line begins that says who wrote what is quoted from `begin` on."""
    close = text[max(floor, begin - 20) : begin].rstrip()
    if close and not close.endswith(
        (":", "：")
    ):  # most quotations: what follows takes ten times as long
        return begin
    before = text[max(floor, begin - _LOOK_BACK) : begin].rstrip()
    if not before.endswith((":", "：")) or not _WROTE.search(before[-400:]):
        return begin
    lines = before.split("\n")
    for back in range(1, min(4, len(lines) + 1)):
        line = lines[-back]
        if not line.strip():
            break
        if _BEGINS.match(line):
            return begin - (len(text[max(floor, begin - _LOOK_BACK) : begin]) - _start(lines, back))
    return begin - (len(text[max(floor, begin - _LOOK_BACK) : begin]) - _start(lines, 1))


def _start(lines: list[str], back: int) -> int:
    return sum(len(line) + 1 for line in lines[: len(lines) - back])


def _with_signatures(lines: str, quotes: list[Span], end: int) -> list[Span]:
    """The same quotations, and between them the signatures."""
    marks = sorted(
        found.start()
        for pattern in (_SIGNATURE, _LIST_FOOTER)
        for found in pattern.finditer(lines, 0, end + 1)
    )
    spans: list[Span] = list(quotes)
    done = at = 0
    for mark in marks[:MAX_SPANS]:
        while at < len(quotes) and quotes[at][1] <= mark:
            at += 1
        inside = at < len(quotes) and quotes[at][0] <= mark
        if inside or mark < done:
            continue
        done = quotes[at][0] if at < len(quotes) else end
        spans.append((mark, done, "signature"))
    return sorted(spans)
