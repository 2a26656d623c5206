"""Reads WACZ files: the web archives in the zip, its list of pages, and whether its hashes are true."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from casekit.ingest.charsets import facts_text, tidy
from casekit.ingest.containers import Data, Member, open_zip, zip_members
from casekit.ingest.dialects.headers import mask_url
from casekit.ingest.dialects.times import read_time
from casekit.ingest.framing import Ledger, Record, json_lines
from casekit.ingest.limits import budget
from casekit.ingest.parsed import Books, Context, Parsed, Problem, Step, When
from casekit.ingest.strict_json import BadJson, parse
from casekit.ingest.within import within

_PACKAGE, _SEAL = "datapackage.json", "datapackage-digest.json"
_MOST_JSON = 16 * 1024 * 1024
_MOST_PAGES = 100_000
_ALGORITHMS = ("sha256", "sha1", "sha512", "md5")
_SENTENCES = {
    "hash-mismatch": "The hash that the package states is not that of the member's bytes.",
    "size-mismatch": "The size that the package states is not the member's.",
    "missing-member": "The package lists a member that the archive does not hold.",
    "unlisted-member": "The archive holds a member that the package does not list.",
    "no-package": "The archive's datapackage.json is missing or cannot be read; no hash was checked.",
    "unknown-hash": "The package states a hash of a kind that is not known.",
}


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """The records of the archives inside, as the reader of web archives gives them, and the other members.

    `datapackage.json` and the lists of pages are documents; what the package says of each member is
    checked against its bytes, and what is not true is a problem. Indexes and logs are files.

    Source: WACZ 1.1.1 (Webrecorder); Frictionless Data Package 1.
    """
    size = len(untrusted_data)
    try:
        directory = open_zip(untrusted_data)
    except zipfile.BadZipFile:
        yield Problem("open", "bad-archive", "The archive's directory cannot be read.")
        yield Books(0, size)
        return
    seen: dict[str, tuple[dict[str, str], int]] = {}
    stated: dict[str, Any] | None = None
    seal: dict[str, Any] | None = None
    lost = 0
    with budget().deeper():
        for member in zip_members(directory, budget()):
            if member.problem is not None:
                yield member.problem
            if member.data is None:
                lost += member.packed
                continue
            seen[member.name] = _hashes(member), len(member.data)
            if member.name == _PACKAGE:
                stated = _json(member.data)
            elif member.name == _SEAL:
                seal = _json(member.data)
            yield from _member(member, context)
    yield from _compare(stated, seen)
    if (
        seal is not None
        and _PACKAGE in seen
        and _mismatch(seal, seen[_PACKAGE][0], seen[_PACKAGE][1])
    ):
        yield _problem("hash-mismatch", _PACKAGE)
    for count, text in (
        (directory.links, f"{directory.links} symbolic links in the archive were not followed."),
        (directory.left_out, f"{directory.left_out} members beyond the limit were not read."),
    ):
        if count:
            yield Problem("open", "members", text)
    lost = size if directory.left_out else min(lost, size)
    yield Books(size - lost, lost)


def _member(member: Member, context: Context) -> Iterator[Parsed | Problem]:
    from casekit.ingest.reading import (
        format_of,
        kept,
        read_any,
    )  # here, because it reads us in its turn

    assert member.data is not None
    step = Step(
        "zip", name=member.name, number=member.number, length=len(member.data), sha256=member.sha256
    )
    if member.name == _PACKAGE:
        yield _package(member, step)
    elif member.name.startswith("pages/") and member.name.endswith(".jsonl"):
        yield _pages(member, step)
    elif member.name.startswith(("archive/", "fuzzy/", "screenshots/")):
        inner = msgspec.structs.replace(context, name=member.name)
        form = format_of(member.data, member.name)
        for found in read_any(member.data, inner, form):
            if isinstance(found, Problem):
                yield within(found, member.name)
            elif isinstance(found, Parsed):
                item = within(found, member.name)
                yield msgspec.structs.replace(item, steps=(step, *item.steps))
    else:
        yield msgspec.structs.replace(kept(member.data, member.name), steps=(step,))


def _hashes(member: Member) -> dict[str, str]:
    assert member.data is not None
    made = {"sha256": member.sha256.hex()}
    for name in ("sha1", "sha512", "md5") if len(member.data) < _MOST_JSON else ():
        made[name] = hashlib.new(name, member.data, usedforsecurity=False).hexdigest()
    return made


def _json(data: Data) -> dict[str, Any] | None:
    try:
        value, _ = parse(data[:_MOST_JSON])
    except BadJson:
        return None
    return value if type(value) is dict else None


def _package(member: Member, step: Step) -> Parsed:
    """The package's own words: who made it, when, with what."""
    assert member.data is not None
    value = _json(member.data) or {}
    text = bytes(member.data[:_MOST_JSON]).decode("utf-8", "replace")
    names = ("title", "description", "created", "modified", "software", "wacz_version", "mainPageUrl",
             "mainPageURL", "mainPageDate")  # fmt: skip
    facts = {name: tidy(str(value[name])) for name in names if value.get(name)}
    when: When | None = read_time(value.get("created"), "created")
    return _document(member, step, str(value.get("title") or member.name), text, "application/json",
                     dict(facts), when)  # fmt: skip


def _pages(member: Member, step: Step) -> Parsed:
    """The list of the pages that were captured, a line a page: time, URL, title."""
    assert member.data is not None
    pages: list[str] = []
    for frame in json_lines(member.data, Ledger()):
        value = frame.value if isinstance(frame, Record) else None
        if type(value) is dict and type(value.get("url")) is str and len(pages) < _MOST_PAGES:
            shown = (
                str(value.get("ts") or ""),
                mask_url(value["url"]),
                str(value.get("title") or ""),
            )
            pages.append("\t".join(" ".join(tidy(each).split()) for each in shown))
    return _document(member, step, member.name, "\n".join(pages), "application/x-ndjson",
                     {"pages": len(pages)}, None)  # fmt: skip


def _document(
    member: Member,
    step: Step,
    title: str,
    text: str,
    media_type: str,
    facts: dict[str, object],
    when: When | None,
) -> Parsed:
    assert member.data is not None
    return Parsed(
        "document", "documents", tidy(title), (step,), member.sha256, len(member.data),
        name=member.name, media_type=media_type, texts=(("body", tidy(text)),) if text else (),
        when=when, facts=facts_text(facts),
    )  # fmt: skip


def _compare(
    stated: dict[str, Any] | None, seen: dict[str, tuple[dict[str, str], int]]
) -> Iterator[Problem]:
    """What the package says of its members against what they are."""
    resources = stated.get("resources") if stated is not None else None
    if type(resources) is not list:
        yield _problem("no-package", _PACKAGE)
        return
    listed = set()
    for resource in resources:
        path = resource.get("path") if type(resource) is dict else None
        if type(path) is not str:
            continue
        listed.add(path)
        if path not in seen:
            yield _problem("missing-member", path)
            continue
        hashes, size = seen[path]
        kind = _mismatch(resource, hashes, size)
        if kind:
            yield _problem(kind, path)
    for name in seen:
        if (
            name not in listed
            and name not in (_PACKAGE, _SEAL)
            and not name.startswith("signatures/")
        ):
            yield _problem("unlisted-member", name)


def _mismatch(resource: dict[str, Any], hashes: dict[str, str], size: int) -> str:
    value = str(resource.get("hash") or "")
    name, _, digest = value.rpartition(":")
    name = name.lower().replace("-", "") or "md5"  # Data Package 1: a hash without a name is MD5
    if value and name not in _ALGORITHMS:
        return "unknown-hash"
    if value and name in hashes and hashes[name] != digest.lower():
        return "hash-mismatch"
    length = resource.get("bytes")
    return "size-mismatch" if type(length) is int and length != size else ""


def _problem(kind: str, path: str) -> Problem:
    return Problem("verify", kind, _SENTENCES[kind], path=tidy(path)[:1000])
