"""Reads saved web pages (MHTML): the page's text, and its pictures and styles as its family."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from casekit.ingest.charsets import facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.dialects.headers import mask_url
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.mail.bodies import file_name, read_bodies
from casekit.ingest.mail.dates import read_date
from casekit.ingest.mail.markup import remote_hosts
from casekit.ingest.mail.message import as_ascii, problem
from casekit.ingest.mail.structure import Part, read_structure
from casekit.ingest.mail.transfer import undo
from casekit.ingest.mail.words import readable
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step

_IN_FAMILY = 10_000
_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml")
_SHOWN = (
    "from",
    "subject",
    "date",
    "x-mimeole",
    "x-maf",
    "snapshot-content-location",
    "content-base",
)


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`: `body` is what a reader would see of the page, `html` its source.

    All else that was saved with it is a child, by its own kind. Facts: `url`, `saved_by`, `main` (the
    number of the page's part), `resources` (part, where it came from, media type), `remote` (hosts that
    the page asks for what was not saved), `header`.

    Source: RFC 2557; RFC 2387.
    """
    raw = untrusted_data[:]
    text, moved = as_ascii(raw)
    root = read_structure(text)
    main = _main_part(root)
    bodies = read_bodies(text, main)
    leaves = [part for part in root.walk() if not part.parts and part is not main]
    children = tuple(_child(text, part, context, moved=moved) for part in leaves[:_IN_FAMILY])
    problems = [problem(kind) for kind in bodies.problems]
    problems += [problem(kind) for part in root.walk() for kind in part.defects]
    if moved:
        problems.append(problem("utf-16"))
    if len(leaves) > _IN_FAMILY:
        problems.append(problem("parts"))
    when, trouble = (
        read_date(root.header.first("date")) if root.header.first("date") else (None, None)
    )
    problems += [trouble] if trouble is not None else []
    title = readable(root.header.first("subject"))
    yield Parsed(
        "document",
        "documents",
        tidy(" ".join(title.split())) or context.name or "saved page",
        (),
        hashlib.sha256(untrusted_data).digest(),
        len(raw),
        name=context.name,
        media_type="multipart/related",
        texts=tuple(_texts(bodies.body, bodies.html, problems)),
        when=when,
        facts=facts_text(_facts(root, main, leaves, bodies.html)),
        problems=tuple(dict.fromkeys(problems)),
        children=children,
    )
    yield Books(len(raw))


def _texts(body: str, html: str, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    if len(body) > MAX_TEXT or len(html) > MAX_TEXT:
        problems.append(problem("too-much-text"))
    yield "body", body[:MAX_TEXT]
    if html:
        yield "html", html[:MAX_TEXT]


def _main_part(root: Part) -> Part:
    """The page: the part that `start` names, else the first page (RFC 2387, 3.2)."""
    leaves = [part for part in root.walk() if not part.parts]
    start = root.parameters.get("start", "").strip()
    for part in leaves:
        if start and part.header.first("content-id").strip() == start:
            return part
    for kind in _PAGES:
        found = next((part for part in leaves if part.media_type == kind), None)
        if found is not None:
            return found
    return leaves[0] if leaves else root


def _child(text: bytes, part: Part, context: Context, *, moved: bool) -> Parsed:
    from casekit.ingest.parts import (
        read_part,
    )  # here, because parts may read saved pages in their turn

    raw = text[part.start : part.end]
    undone = undo(raw, part.encoding)
    where = _location(part)
    child = read_part(undone.data, file_name(part) or _name(where), part.media_type, context)
    step = Step(
        "mime",
        name=part.path,
        offset=0 if moved else part.start,
        length=0 if moved else len(raw),
        decoding=undone.decoding,
        before=hashlib.sha256(raw).digest() if undone.decoding else b"",
        sha256=child.sha256,
    )
    known = msgspec.json.decode(child.facts) if child.facts else {}
    content_id = part.header.first("content-id").strip().strip("<>")
    media_type = part.media_type if child.media_type in ("", "text/plain") else child.media_type
    return msgspec.structs.replace(
        child,
        steps=(step,),
        media_type=media_type,
        title=child.title if child.title and child.name else where or child.title,
        problems=child.problems + ((problem(undone.problem),) if undone.problem else ()),
        facts=facts_text({**known, "url": where, "content_id": tidy(content_id)}),
    )


def _location(part: Part) -> str:
    value = part.header.first("content-location").strip()
    return tidy(mask_url("".join(value.split())))[:4000]


def _name(url: str) -> str:
    """The last part of a URL's path, as a name for display."""
    path = url.split("?", 1)[0].split("#", 1)[0]
    return path.rpartition("/")[2][:200] if "/" in path else ""


def _facts(root: Part, main: Part, leaves: list[Part], html: str) -> dict[str, object]:
    url = root.header.first("snapshot-content-location").strip() or _location(root)
    return {
        "url": tidy(mask_url(url)) or _location(main),
        "saved_by": tidy(readable(root.header.first("from"))).strip("<>"),
        "main": main.path,
        "resources": [
            [part.path, _location(part), part.media_type] for part in leaves[:_IN_FAMILY]
        ],
        "remote": remote_hosts(html),
        "header": [
            [name, tidy(readable(value))]
            for name, value in root.header.fields
            if name.lower() in _SHOWN
        ],
    }
