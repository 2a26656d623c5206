"""Reads web archives, WARC and ARC: captured pages and files, and calls to model APIs as exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.charsets import decode_text, facts_text
from casekit.ingest.containers import Data
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.dialects.headers import first, mask_url, without_secrets
from casekit.ingest.dialects.http_calls import Call, read_call
from casekit.ingest.dialects.times import read_time
from casekit.ingest.http_body import Body, HttpMessage, body_of, read_http
from casekit.ingest.limits import MAX_TEXT, LimitReached
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, When, sha256
from casekit.ingest.web_archive import MAX_HEADER, Gap, WebRecord, digest_matches, web_records

_SENTENCES = {
    "truncated": "The file ends before this record does; what came is kept.",
    "bad-length": "The record's length does not fit; it was read up to where it ends.",
    "no-record": "These bytes between the records are no record.",
    "bad-header": "A record's header is broken or breaks off; its bytes are kept.",
    "digest-mismatch": "The record's digest is not that of its bytes.",
    "short-body": "The body is shorter than its header says.",
    "no-http": "The record holds no HTTP message that could be read.",
    "continued": "The record is a piece of one that was cut into several; the pieces are not joined.",
    "capture-cut": "The capture was cut off when it was made, says its header.",
}
_ARC_ZONE = "assumed:ARC dates are UTC"
_PAGE_KINDS = ("response", "resource", "conversion")
_CALLS = ("json", "event-stream", "amazon.eventstream")


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One item for each record; a request and its answer that went to a model API are one `exchange`.

    A captured page is what its content is (`document`, `image`, …), with the URL as title and the time of
    capture. A request is a `request`, `warcinfo` and `metadata` are documents, a `revisit` is a `record`:
    it says that a page was the same as before. Facts: `url`, `record` (the header of the record, its
    offset and length), `http` (status and header), `digests` (checked against the bytes).

    Source: ISO 28500:2017; WARC 1.0; Internet Archive ARC 1.0 and 2.0.
    """
    found = list(web_records(untrusted_data))
    records = [each for each in found if isinstance(each, WebRecord)]
    answers = _answers(records)
    joined: dict[int, WebRecord] = {}
    good = quarantined = separators = 0
    for each in found:
        length = each.end - each.offset
        if isinstance(each, Gap):
            separators += 0 if each.kind else length
            quarantined += length if each.kind else 0
            if each.kind:
                yield _gap(each)
            continue
        good += length
        if each.offset in joined:
            continue  # the other half of an exchange that was given already
        other = answers.get(each.offset)
        if other is not None and (item := _exchange(untrusted_data, each, other, context)):
            joined[other.offset] = each
            yield item
            continue
        yield _item(untrusted_data, each, context)
    yield Books(good, quarantined, separators)


def _gap(gap: Gap) -> Problem:
    said = _SENTENCES["no-record" if gap.kind == "no-record" else "bad-header"]
    return Problem("frame", gap.kind, said, offset=gap.offset, length=gap.end - gap.offset)


def _problem(kind: str) -> Problem:
    return Problem("parse", kind, _SENTENCES[kind])


def _answers(records: list[WebRecord]) -> dict[int, WebRecord]:
    """The other half of each request and response, by offset: its neighbour, or named as concurrent."""
    by_id = {each.id: each for each in records if each.id}
    pairs: dict[int, WebRecord] = {}
    for each, after in zip(records, [*records[1:], None], strict=False):
        if each.kind not in ("request", "response") or each.offset in pairs:
            continue
        other = after if after is not None and _belong(each, after) else None
        other = other or by_id.get(first(each.fields, "warc-concurrent-to"))
        if other is None or {other.kind, each.kind} != {"request", "response"}:
            continue
        if other.offset not in pairs:
            pairs[each.offset], pairs[other.offset] = other, each
    return pairs


def _belong(one: WebRecord, other: WebRecord) -> bool:
    """Whether neighbours are a request and its answer: of one URL, and neither names somebody else."""
    if one.url != other.url or {one.kind, other.kind} != {"request", "response"}:
        return False
    named = [first(each.fields, "warc-concurrent-to") for each in (one, other)]
    return not any(named) or one.id in named or other.id in named


# -- exchanges -------------------------------------------------------------------------------------


def _exchange(data: Data, one: WebRecord, other: WebRecord, context: Context) -> Parsed | None:
    """The exchange of a request and its answer, if it went to a model API and they stand together."""
    begin, end = min(one.offset, other.offset), max(one.end, other.end)
    between = data[min(one.end, other.end) : max(one.offset, other.offset)]
    if between.strip():
        return None
    asked, answered = (one, other) if one.kind == "request" else (other, one)
    if not (_may_be_call(data, asked) or _may_be_call(data, answered)):
        return None
    draft = Draft(data[begin:end], context)
    if not _read_call(data, asked, answered, draft) or draft.kind != "exchange":
        return None
    _collected(asked, draft)
    item = finish(draft, begin, None, "", "application/warc")
    facts = facts_text(
        {"url": mask_url(asked.url), "request": _record(asked), "response": _record(answered)}
    )
    return msgspec.structs.replace(item, facts=facts)


def _collected(asked: WebRecord, draft: Draft) -> None:
    """What was asked by protocol, to learn how a model answers, is an output and nobody's traffic."""
    if first(asked.fields, "casekit-collected") == "outputs":
        draft.collection = "outputs"


def _may_be_call(data: Data, record: WebRecord) -> bool:
    """Whether a message's content is of a type that model APIs speak in, as its header says."""
    message = read_http(data[record.start : min(record.end, record.start + MAX_HEADER)])
    kind = first(message.fields, "content-type").lower() if message is not None else ""
    return any(word in kind for word in _CALLS)


def _read_call(
    data: Data, asked: WebRecord | None, answered: WebRecord | None, draft: Draft
) -> bool:
    """Fill a draft from the HTTP messages of two records; tells whether there are any."""
    question, answer = _http(data, asked), _http(data, answered)
    if question is None and answer is None:
        return False
    record = asked or answered
    assert record is not None
    problems: tuple[Problem, ...] = ()
    for each in (asked, answered):
        problems += tuple(map(_problem, each.troubles)) if each is not None else ()
    for half in (question, answer):
        problems += half[1].problems() if half is not None else ()
    call = Call(
        question[0].method if question else "",
        record.url,
        question[0].fields if question else [],
        question[1].data if question else None,
        answer[0].status if answer else None,
        answer[0].fields if answer else [],
        answer[1].data if answer else None,
        when=_when(record),
        problems=problems,
    )
    read_call(call, draft)
    return True


def _http(data: Data, record: WebRecord | None) -> tuple[HttpMessage, Body] | None:
    if record is None:
        return None
    block = data[record.start : record.end]
    message = read_http(block)
    return None if message is None else (message, body_of(block, message))


# -- other records ---------------------------------------------------------------------------------


def _item(data: Data, record: WebRecord, context: Context) -> Parsed:
    try:
        if record.kind in _PAGE_KINDS:
            return _page(data, record, context)
        if record.kind == "request":
            return _request(data, record, context)
        return _told(data, record)
    except LimitReached as reached:
        return _whole(data, record, "file", (Problem("limits", reached.kind, reached.text),))


def _request(data: Data, record: WebRecord, context: Context) -> Parsed:
    """A request without its answer: of a model API an exchange, else the crawler's own traffic."""
    draft = Draft(data[record.offset : record.end], context)
    if not _read_call(data, record, None, draft):
        return _whole(data, record, "file", (_problem("no-http"),))
    if draft.kind == "exchange":
        draft.missing += ("unjoined",)
        _collected(record, draft)
    else:
        draft.collection = "other"
    block = data[record.start : record.end]
    message = read_http(block)
    assert message is not None
    digests = _checked(record, block, (block[message.start :],))
    if "mismatch" in digests.values() and not record.troubles:
        draft.problems += (_problem("digest-mismatch"),)
    item = finish(draft, record.offset, None, "", "application/warc")
    return msgspec.structs.replace(item, facts=facts_text(_facts(record, digests)))


def _page(data: Data, record: WebRecord, context: Context) -> Parsed:
    """A captured page or file, read as what it is."""
    block = data[record.start : record.end]
    message = read_http(block) if record.url[:5].lower() in ("http:", "https") else None
    if record.kind != "response" or message is None or message.status is None:
        problems: tuple[Problem, ...] = ()
        if record.kind == "response" and record.url[:4].lower() == "http":
            problems = (_problem("no-http"),)
        step = Step("slice", offset=record.start, length=len(block), sha256=sha256(block))
        return _made(record, block, step, {}, (block,), problems, context)
    body = body_of(block, message)
    if body.data and _may_be_call(data, record):
        draft = Draft(data[record.offset : record.end], context)
        if _read_call(data, None, record, draft) and draft.kind == "exchange":
            draft.missing += ("unjoined",)
            item = finish(draft, record.offset, None, "", "application/warc")
            return msgspec.structs.replace(item, facts=facts_text(_facts(record, {})))
    raw = block[message.start :]
    problems = body.problems()
    if _is_short(message, raw):
        problems += (_problem("short-body"),)
    http = {"http": {"status": message.status, "headers": without_secrets(message.fields)}}
    if not body.data:
        made = _whole(data, record, "record", problems)
        facts = facts_text({**_facts(record, _checked(record, block, (raw,))), **http})
        title = f"{message.status} {mask_url(record.url)}"
        return msgspec.structs.replace(made, title=title, facts=facts)
    if body.data == raw:
        step = Step(
            "slice", offset=record.start + message.start, length=len(raw), sha256=sha256(raw)
        )
    else:
        step = Step(
            "slice", offset=record.start, length=len(block), decoding="http",
            before=sha256(block), sha256=sha256(body.data),
        )  # fmt: skip
    declared = first(message.fields, "content-type")
    return _made(
        record, body.data, step, http, (raw, body.data), problems, context, block, declared
    )


def _is_short(message: HttpMessage, raw: bytes) -> bool:
    length = first(message.fields, "content-length")
    coded = "chunked" in first(message.fields, "transfer-encoding").lower()
    return not coded and length.isdecimal() and len(length) < 18 and len(raw) < int(length)


def _made(
    record: WebRecord,
    payload: bytes,
    step: Step,
    http: dict[str, Any],
    bodies: tuple[bytes, ...],
    problems: tuple[Problem, ...],
    context: Context,
    block: bytes | None = None,
    declared: str = "",
) -> Parsed:
    """The item of a payload, read by its content, with what the archive says of it."""
    from casekit.ingest.parts import (
        read_part,
    )  # here, because parts may read archives in their turn

    stated = (declared or first(record.fields, "content-type")).split(";")[0].strip().lower()
    item = read_part(payload, _name(record.url), stated, context)
    digests = _checked(record, payload if block is None else block, bodies)
    known = msgspec.json.decode(item.facts) if item.facts else {}
    if "mismatch" in digests.values() and not record.troubles:
        problems += (_problem("digest-mismatch"),)
    if first(record.fields, "warc-truncated"):
        problems += (_problem("capture-cut"),)
    if first(record.fields, "warc-segment-number") not in ("", "1"):
        problems += (_problem("continued"),)
    return msgspec.structs.replace(
        item,
        title=str(known.get("title") or "") or mask_url(record.url) or item.title,
        collection="documents" if item.kind != "file" else item.collection,
        steps=(step,),
        media_type=stated if item.media_type == "text/plain" and stated else item.media_type,
        when=_when(record) or item.when,
        facts=facts_text({**known, **_facts(record, digests), **http}),
        problems=(*map(_problem, record.troubles), *problems, *item.problems),
    )


def _told(data: Data, record: WebRecord) -> Parsed:
    """A record that speaks of the archive or of other records: its text, and its header as facts."""
    if record.kind in ("warcinfo", "metadata", "arc_header"):
        made = _whole(data, record, "document")
        block = data[record.start : record.end][:MAX_TEXT]
        body = decode_text(block).text
        about = first(record.fields, "warc-filename") or mask_url(record.url)
        title = f"{record.kind} {about}".strip()
        return msgspec.structs.replace(
            made, title=title, texts=(("body", body),) if body.strip() else ()
        )
    if record.kind == "revisit":
        made = _whole(data, record, "record")
        message = read_http(data[record.start : record.end])
        http: dict[str, Any] = {}
        if message is not None:
            http = {"http": {"status": message.status, "headers": without_secrets(message.fields)}}
        facts = facts_text({**_facts(record, {}), **http})
        return msgspec.structs.replace(made, title=f"revisit {mask_url(record.url)}", facts=facts)
    return _whole(
        data, record, "file", (_problem("continued"),) if record.kind == "continuation" else ()
    )


def _whole(data: Data, record: WebRecord, kind: Any, problems: tuple[Problem, ...] = ()) -> Parsed:
    """The item of a whole record, header and block."""
    raw = data[record.offset : record.end]
    digest = sha256(raw)
    block = data[record.start : record.end]
    digests = _checked(record, block, ()) if record.kind != "response" else {}
    if "mismatch" in digests.values() and not record.troubles:
        problems += (_problem("digest-mismatch"),)
    return Parsed(
        kind,
        "documents" if kind == "document" else "other",
        f"{record.kind} {mask_url(record.url)}".strip(),
        (Step("slice", offset=record.offset, length=len(raw), sha256=digest),),
        digest,
        len(raw),
        media_type="application/warc",
        when=_when(record),
        facts=facts_text(_facts(record, digests)),
        problems=(*map(_problem, record.troubles), *problems),
    )


def _checked(record: WebRecord, block: bytes, bodies: tuple[bytes, ...]) -> dict[str, str]:
    """What checking the digests of a header gave. A payload's may be of the coded or the plain body."""
    found = {}
    for name, field, candidates in (
        ("block", "warc-block-digest", (block,)), ("payload", "warc-payload-digest", bodies),
    ):  # fmt: skip
        stated = first(record.fields, field)
        if stated and candidates:
            matches = digest_matches(stated, *candidates)
            found[name] = {True: "match", False: "mismatch", None: "not checked"}[matches]
    return found


def _facts(record: WebRecord, digests: dict[str, str]) -> dict[str, object]:
    return {"url": mask_url(record.url), "record": _record(record), "digests": digests}


def _record(record: WebRecord) -> dict[str, object]:
    return {
        "type": record.kind, "offset": record.offset, "length": record.end - record.offset,
        "header": [[name, mask_url(value)] for name, value in record.fields],
    }  # fmt: skip


def _when(record: WebRecord) -> When | None:
    stated = first(record.fields, "warc-date")
    if stated:
        return read_time(stated, "WARC-Date")
    date = first(record.fields, "arc-date")
    if len(date) < 14:
        return None
    iso = f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:14]}"
    found = read_time(iso, "Archive-date")
    return found and msgspec.structs.replace(found, raw=date, zone=_ARC_ZONE)


def _name(url: str) -> str:
    """The last part of a URL's path, as a name for display."""
    path = url.split("?", 1)[0].split("#", 1)[0]
    return path.rpartition("/")[2][:200] if path.count("/") > 2 else ""
