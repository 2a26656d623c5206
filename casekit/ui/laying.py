"""How each kind of item is laid out on a reading page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from casekit.i18n import tr, tr_count
from casekit.sentences import translated
from casekit.ui import fonts
from casekit.ui.annotating import lay_annotations
from casekit.ui.further import further_rows, said
from casekit.ui.reading import ReadingPage
from casekit.ui.surroundings import lay_surroundings
from casekit.ui.time_words import row_when, when_text, zone_words
from casekit.ui.writing import BREAK, Span, shown

if TYPE_CHECKING:
    from casekit.ingest.parsed import Step
    from casekit.queries.annotations import AnnotationRow
    from casekit.queries.conversations import Said
    from casekit.queries.items import ItemRow, ItemView
    from casekit.ui.surroundings import Surroundings

Spans = Mapping[str, Sequence[Span]]
LONGEST_QUOTED = 1_000_000  # characters in which quotations are looked for
LONGEST_BESIDE = 20_000  # characters of another item that are shown
PART_WORDS = {
    "system": "System", "prompt": "Prompt", "reasoning": "Reasoning", "output": "Answer", "body": "Text",
    "attachment": "Shown below the message", "previous": "As it stood before", "html": "Source",
    "alternative": "The HTML says", "outside": "Outside the message's parts",
}  # fmt: skip
NEIGHBOUR_CHARACTERS = 300
PEOPLE = (
    ("from", "From"),
    ("sender", "Sender"),
    ("to", "To"),
    ("cc", "Cc"),
    ("bcc", "Bcc"),
    ("actor", "Caused by"),
    ("attendee", "Attendees"),
    ("contact", "Contact"),
)
CHAT_FACTS = (
    ("service", "Service"), ("team", "Team"), ("chat", "Conversation"), ("event", "What happened"),
    ("subject", "Subject"), ("reply_to", "Answers message"), ("quoted", "Quoted"), ("forwarded", "Forwarded"),
    ("replaces", "Takes the place of message"), ("replaced_by", "Its place was taken by message"),
    ("edited", "Edited"), ("deleted", "Deleted"), ("attachments", "Attachments"), ("reactions", "Reactions"),
    ("mentions", "Mentions"), ("left_out", "Not exported"), ("repaired", "Letters put right in"),
    ("name_from", "Name taken from"), ("time_shown", "Time as shown"),
    ("weekday_differs", "Not the date’s day of the week"),
)  # fmt: skip
SIDES = {
    "request": "Request in",
    "answer": "Answer in",
    "rows": "More of its messages in",
    "part": "Another part in",
}
GROUNDS = {
    "job": "Joined: the provider’s record of the batch names both files.",
    "batch-id": "Joined: the names of both files bear the id of the same batch.",
    "prompt": "Joined: the same id, and the answer repeats the prompt.",
    "custom-id": "Joined: the same id, which no other request or answer in the case could bear.",
    "id": "Joined: the same id, which the service gives once.",
    "alone": "Not joined: no other record in the case bears its id.",
    "several": "Not joined: several records bear its id, and nothing says which of them is meant.",
    "differs": "Not joined: a record bears its id, but its model, time, prompt or file does not fit.",
}
PARAMETERS = ("temperature", "top_p", "seed", "max_tokens", "finish_reason", "status")
REQUEST_FIELDS = (
    ("model", "Model"), ("model_requested", "Model asked for"), ("provider", "Provider"),
    ("endpoint", "Endpoint"), ("operation", "Operation"), ("api_version", "API version"),
    ("organisation", "Organisation"), ("project", "Project"), ("account", "Account"),
    ("end_user", "End user"), ("api_key", "API key"), ("payment", "Payment"),
    ("request_id", "Request"), ("upstream_id", "Provider’s own id"), ("trace_id", "Trace"),
    ("parent_request", "Part of request"), ("conversation_id", "Conversation"), ("turn", "Turn"),
    ("ip", "IP address"), ("asn", "Network (ASN)"), ("country", "Country"),
    ("user_agent", "User agent"), ("sdk", "Client library"), ("referer", "Referring page"),
    ("ja3", "TLS fingerprint (JA3)"), ("ja4", "TLS fingerprint (JA4)"), ("status", "Status"),
    ("error", "Error"), ("finish_reason", "Finish reason"), ("temperature", "Temperature"),
    ("top_p", "Top p"), ("top_k", "Top k"), ("seed", "Seed"), ("max_tokens", "Most tokens"),
    ("answers", "Answers asked for"), ("sample", "Number of this answer"), ("stream", "Streamed"),
    ("input_tokens", "Input tokens"), ("output_tokens", "Output tokens"),
    ("reasoning_tokens", "Reasoning tokens"), ("cache_read_tokens", "Tokens read from cache"),
    ("cache_write_tokens", "Tokens written to cache"), ("cost", "Cost"), ("currency", "Currency"),
    ("latency_ms", "Latency, ms"), ("ttft_ms", "Time to first token, ms"),
    ("reasoning_signature", "Signature of the reasoning"), ("parameters", "Other parameters"),
    ("extra", "Other fields"), ("completeness", "Missing"),
)  # fmt: skip


def lay_item(
    page: ReadingPage, view: ItemView, spans: Spans, annotations: Sequence[AnnotationRow] = ()
) -> None:
    """Write an item as its kind is best read, and below it what was annotated."""
    page.withheld = {
        part: [(r.start, r.stop) for r in view.redactions if r.part == part]
        for part in {r.part for r in view.redactions}
    }
    page.begin()
    if view.redactions:
        count = tr_count(
            "1 passage is withheld from every dossier.",
            "{n} passages are withheld from every dossier.",
            len(view.redactions),
        )
        page.line(("■ " + count, "bold"), below=4)
    if view.boxes:
        count = tr_count(
            "1 box on its pages is withheld from every export.",
            "{n} boxes on its pages are withheld from every export.",
            len(view.boxes),
        )
        page.line(("■ " + count, "bold"), below=4)
    if view.row.kind in {"message", "event", "contact"}:
        _message(page, view, spans)
    elif view.mail:
        _mail(page, view, spans)
    elif view.row.kind == "exchange":
        _exchange(page, view, spans)
    elif view.row.kind in {"request", "record"}:
        _request(page, view, spans)
    else:
        _document(page, view, spans)
    lay_annotations(page, annotations)
    _family(page, view)
    page.end()


def lay_details(page: ReadingPage, view: ItemView, around: Surroundings | None = None) -> None:
    """Write all that the case knows of an item, and what surrounds a record in time once that was read."""
    page.begin()
    page.section(tr("Item"))
    row = view.row
    page.fields(
        _given(
            [
                (tr("Number"), str(row.id)),
                (tr("Kind"), f"{row.kind} · {row.media_type}"),
                (tr("File name"), row.name),
                (tr("Time as written"), view.sent_raw),
                (tr("Time (UTC)"), when_text(row.sent_us)),
                (tr("Time zone"), zone_words(row.time) or view.sent_zone),
                (tr("Language"), view.language),
                (tr("Size"), tr_count("1 byte", "{n} bytes", row.size)),
                (tr("Bates number"), row.bates),
            ]
        )
    )
    if view.exchange:
        lay_surroundings(page, view, around)
    page.section(tr("Place"))
    page.fields(
        _given(
            [
                (tr("Original SHA-256"), view.original_sha256.hex()),
                (tr("Original size"), tr_count("1 byte", "{n} bytes", view.original_size)),
                (tr("Item SHA-256"), view.sha256.hex()),
                (tr("Read under"), view.confinement),
                *pointer_lines(view.pointer),
            ]
        ),
        mono=True,
    )
    if view.exchange:
        page.section(tr("Exchange"))
        page.fields(_exchange_fields(view.exchange))
    if view.mail.get("headers"):
        page.section(tr("Header fields"))
        page.fields(
            [(str(name), str(value)) for name, value in view.mail.get("headers", ())], mono=True
        )
    if view.facts:
        page.section(tr("Further facts"))
        page.fields(further_rows(view.facts))
    _origin(page, view)
    page.end()


def _origin(page: ReadingPage, view: ItemView) -> None:
    for number, receipt in enumerate(view.receipts, 1):
        page.section(tr("Receipt {n}", n=number))
        page.fields(
            _given(
                [
                    (tr("Path"), receipt.path),
                    (tr("Received"), when_text(receipt.at_us) + " UTC"),
                    (tr("Custodian"), receipt.custodian),
                    (tr("Received from"), receipt.received_from),
                    (tr("Medium"), receipt.medium),
                    (tr("Collected by"), receipt.collected_by),
                    (tr("Collection tool"), receipt.collection_tool),
                    (tr("Authority"), receipt.authority),
                    (tr("Role"), receipt.role),
                    (tr("Supplied hash"), receipt.supplied_hash),
                    (tr("It matches"), receipt.supplied_match),
                ]
            )
        )
    for problem in view.problems:
        page.section(tr("Problem"), problem.kind)
        page.line((translated(problem.text), "warn"))
        place = [
            (tr("Path"), problem.path),
            (tr("Stage"), problem.stage),
            (tr("Line"), str(problem.line or "")),
        ]
        page.fields(_given(place))


def pointer_lines(pointer: str) -> list[tuple[str, str]]:
    """The steps from the original's bytes to the item's, one readable line each."""
    lines = []
    for number, step in enumerate(_steps(pointer), 1):
        said = [step.how, shown(step.name)]
        if step.length:
            said.append(
                tr("bytes {first} to {last}", first=step.offset, last=step.offset + step.length - 1)
            )
        if step.line is not None:
            said.append(tr("line {n}", n=step.line))
        said.append(step.decoding)
        lines.append((tr("Step {n}", n=number), ", ".join(part for part in said if part)))
    return lines or [(tr("Pointer"), tr("the whole original"))]


def meta_parts(view: ItemView, *, who: bool = True) -> list[str]:
    """Under the title: label, model or sender (unless it stands elsewhere), time, place."""
    row = view.row
    parts = [
        tr("Exhibit {label}", label=row.exhibit) if row.exhibit else "",
        (row.model or row.sender or row.account) if who else "",
    ]
    if row.sent_us is not None:
        parts.append(row_when(row) + " UTC")
    parts.append(shown(view.receipts[0].path) if view.receipts else "")
    if line := _line_of(view.pointer):
        parts.append(tr("line {n}", n=line))
    return [p for p in parts if p]


def _line_of(pointer: str) -> int | None:
    return next((step.line for step in reversed(_steps(pointer)) if step.line is not None), None)


def _steps(pointer: str) -> Sequence[Step]:
    from casekit.ingest.pointer import from_json

    return from_json(pointer)


def _exchange(page: ReadingPage, view: ItemView, spans: Spans) -> None:
    known = view.exchange
    said = [f"{name.replace('_', ' ')} {known[name]}" for name in PARAMETERS if name in known]
    tokens = (
        [tr_count("1 token in", "{n} tokens in", known["input_tokens"])]
        if "input_tokens" in known
        else []
    )
    if "output_tokens" in known:
        tokens.append(tr_count("1 token out", "{n} tokens out", known["output_tokens"]))
    if said or tokens:
        page.line((" · ".join([*said, *tokens]), "quiet"), below=2)
    if view.completeness:
        page.line((tr("Missing: {what}", what=view.completeness), "warn"))
    _parts(page, view)
    _other_half(page, view, "request")
    if not view.texts:
        page.line((tr("This record has no text; its bytes are under Raw."), "quiet"), above=8)
    for part, text in view.texts:
        who = str(known.get("model", "")) if part in ("output", "reasoning") else ""
        page.section(_part_word(part), who)
        face = fonts.sans(13) if part in ("system", "reasoning") else None
        page.passage(part, text, spans.get(part, ()), face=face)
    _other_half(page, view, "answer")


def _request(page: ReadingPage, view: ItemView, spans: Spans) -> None:
    page.section(tr("Request"))
    page.fields(_exchange_fields(view.exchange))
    _parts(page, view)
    _other_half(page, view, "request")
    for part, text in view.texts:
        page.section(_part_word(part))
        page.passage(part, text, spans.get(part, ()))
    _other_half(page, view, "answer")


def _parts(page: ReadingPage, view: ItemView) -> None:
    """Where the other parts of the exchange stand, and what says that they are its parts."""
    joined = view.joined
    if joined is None:
        return
    if joined.alone:
        page.line((tr(GROUNDS[joined.ground]), "warn"))
        return
    for other in joined.others:
        where = shown(other.path)
        if other.line is not None:
            where = tr("{file}, line {n}", file=where, n=other.line)
        words = f"{tr(SIDES[other.side])} {where}"
        page.line((words, f"link:item:{other.item_id}"), above=2)
    if joined.count > len(joined.others):
        page.line((tr("{n} more", n=joined.count - len(joined.others)), "quiet"))
    page.line((tr(GROUNDS[joined.ground]), "quiet"), below=4)


def _other_half(page: ReadingPage, view: ItemView, side: str) -> None:
    """What the halves of one side say, to be read here and cited where they stand."""
    for other in view.joined.others if view.joined else ():
        if other.side != side:
            continue
        for part, text in other.texts:
            page.section(_part_word(part), tr("of item {n}", n=other.item_id))
            for line in BREAK.split(text[:LONGEST_BESIDE]):
                page.line((line, "ink"))
            if len(text) > LONGEST_BESIDE:
                rest = tr_count(
                    "1 more character. ", "{n} more characters. ", len(text) - LONGEST_BESIDE
                )
                page.line((rest, "quiet"), (tr("Show all"), f"link:item:{other.item_id}"), above=8)


def _people(view: ItemView) -> list[tuple[str, str]]:
    """Who appears in the item, a line a role."""
    roles = (*PEOPLE, *((r, r) for r in dict.fromkeys(r for r, _, _ in view.parties)))
    rows = {}
    for role, head in roles:
        people = [
            f"{name} <{address}>" if name and address else name or address
            for r, name, address in view.parties
            if r == role
        ]
        if people and role not in rows:
            rows[role] = (tr(head) if head != role else head, "; ".join(people))
    return list(rows.values())


def _date(view: ItemView) -> list[tuple[str, str]]:
    """The time with the source's own text of it, and what was assumed and decided of its zone."""
    if view.row.sent_us is None:
        return _given([(tr("Date"), view.sent_raw)])
    when = (tr("Date"), f"{row_when(view.row)} UTC   ({shown(view.sent_raw)})")
    return _given([when, (tr("Time zone"), zone_words(view.row.time))])


def _message(page: ReadingPage, view: ItemView, spans: Spans) -> None:
    """A message of a chat, or an event or contact, whose people and facts are laid out alike."""
    rows = _people(view)
    rows += _date(view)
    known = view.facts or {}
    rows += [(tr(words), said(known[name])) for name, words in CHAT_FACTS if known.get(name)]
    page.fields(_given(rows))
    around = view.around
    if around is not None and around.total > 1:
        place = tr("{n} of {total}", n=around.position, total=around.total)
        page.section(tr("Before"), f"{shown(around.name)} · {place}")
        _neighbours(page, around.before)
        page.section(tr("This message"))
    for part, text in view.texts:
        if part != "body":
            page.section(_part_word(part))
        page.passage(part, text, spans.get(part, ()))
    if not view.texts:
        page.line((tr("This message has no text; its bytes are under Raw."), "quiet"), above=12)
    if around is not None and around.total > 1:
        page.section(tr("After"))
        _neighbours(page, around.after)


def _neighbours(page: ReadingPage, messages: Sequence[Said]) -> None:
    """Other messages of the conversation, a line each under the day it was said, which lead to them."""
    if not messages:
        page.line((tr("none"), "quiet"))
    day = ""
    for each in messages:
        when, doubt = when_text(each.sent_us), "" if each.time.is_sure else " ≈"
        if when[:10] != day:
            day = when[:10]
            page.line((day, "quiet"), above=4)
        text = " ".join(each.text.split()) or each.title
        cut = text[:NEIGHBOUR_CHARACTERS] + (" …" if len(text) > NEIGHBOUR_CHARACTERS else "")
        marks = [
            word
            for name, word in (("edited", tr("edited")), ("deleted", tr("deleted")))
            if each.facts.get(name)
        ]
        page.line(
            ((when[11:] or tr("no time")) + doubt, f"link:item:{each.id}"),
            (f"   {each.sender}  " if each.sender else "   ", "bold"),
            (cut, "ink"), (f"   ({', '.join(marks)})" if marks else "", "quiet"), above=2,
        )  # fmt: skip


def _mail(page: ReadingPage, view: ItemView, spans: Spans) -> None:
    rows = _people(view)
    rows += _date(view)
    rows.append((tr("Subject"), str(view.mail.get("subject", view.row.title))))
    page.fields(rows)
    for part, text in view.texts:
        if part != "body":
            page.section(_part_word(part))
        page.passage(part, text, spans.get(part, ()), quotes=_quotes(part, text))
    if not view.texts:
        page.line((tr("This message has no text; its bytes are under Raw."), "quiet"), above=12)


def _quotes(part: str, text: str) -> list[tuple[int, int, str]]:
    from casekit.queries.quotes import quoted_spans

    return quoted_spans(text[:LONGEST_QUOTED]) if part == "body" else []


def _document(page: ReadingPage, view: ItemView, spans: Spans) -> None:
    if not view.texts and not view.read:
        page.line(
            (
                tr(
                    "No text was found in this file, so words cannot find it. Look at its pages, or "
                    "at its bytes under Raw."
                ),
                "quiet",
            ),
            above=8,
        )
    for part, text in view.texts:
        if len(view.texts) > 1 or part != "body":
            page.section(_part_word(part))
        page.passage(part, text, spans.get(part, ()))
    from casekit.queries.recognised import short_version

    for read in view.read:
        by = f"{read.engine} {short_version(read.version)}, {read.language}"
        sure = "" if read.confidence is None else tr(", sure by {n} %", n=read.confidence)
        page.section(tr("Page {n}, read by a machine", n=read.page), f"{by}{sure}")
        page.passage(read.part, read.text, spans.get(read.part, ()))


def _family(page: ReadingPage, view: ItemView) -> None:
    others = [row for row in view.family if row.id != view.row.id]
    if not others:
        return
    page.section(tr("Family"), tr("{n} items belong together", n=len(view.family)))
    for row in others[:40]:
        page.line(*_family_line(row, view.row), above=2)
    if len(others) > 40:
        page.line((tr("{n} more", n=len(others) - 40), "quiet"))


def _family_line(row: ItemRow, mine: ItemRow) -> list[tuple[str, str]]:
    place = (
        tr("attached")
        if row.parent_id == mine.id
        else tr("contains this")
        if row.id == mine.parent_id
        else tr("same family")
    )
    line = [(row.name or row.title or tr("(no title)"), f"link:item:{row.id}")]
    line.append(
        (f"   {place} · {row.media_type} · " + tr_count("1 byte", "{n} bytes", row.size), "quiet")
    )
    return line


def _exchange_fields(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [
        (tr(words), _field(name, known[name])) for name, words in REQUEST_FIELDS if name in known
    ]
    if "prompt_sha256" in known:
        rows.append((tr("Prompt SHA-256"), known["prompt_sha256"].hex()))
    return rows


def _field(name: str, value: Any) -> str:
    """A field in words; what the source kept as JSON without its brackets."""
    if name == "stream":
        return tr("yes") if value else tr("no")
    if name in ("parameters", "extra"):
        with suppress(ValueError):
            return said(json.loads(value))
    return f"{value}"


def _part_word(part: str) -> str:
    if part.startswith("page/"):
        return tr("Page {n}", n=part.removeprefix("page/"))
    if part.startswith("answer/"):
        return tr("Answer {n}", n=part.removeprefix("answer/"))
    return tr(PART_WORDS.get(part, part))


def _given(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in rows if value]
