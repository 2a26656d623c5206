"""SVG drawings: read as the text that they are, never drawn; scripts and addresses in them are told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from casekit.ingest.charsets import decode_text, facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.parsed import Books, Context, Parsed, Problem

_WORDS = ("text", "title", "desc", "p", "div", "span")
_AWAY = re.compile(r"\s*(?:https?:|ftp:|file:|//|\\\\)", re.I)
_CSS = re.compile(r"url\(\s*[\"']?([^\"')\s]{1,2000})|@import\s+[\"']([^\"']{1,2000})", re.I)
_MOST = 200


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`: `body` is its words, `source` the markup.

    Facts: `width`, `height`, `scripts`, `handlers` (attributes that run a script), `external` (what a
    viewer would fetch or open), `foreign` (whether web pages stand in it), `entities`.

    Source: SVG 2 (W3C).
    """
    size = len(untrusted_data)
    source = decode_text(untrusted_data[: MAX_TEXT // 2]).text
    facts: dict[str, object] = {"entities": "<!ENTITY" in source[:100_000]}
    problems: list[Problem] = []
    body = ""
    root = _root(untrusted_data[: MAX_TEXT // 2])
    if root is None:
        problems.append(
            Problem(
                "parse", "bad-xml", "The drawing's markup is damaged; its text is kept as it is."
            )
        )
    else:
        body = _body(root)
        facts |= _facts(root)
    texts = tuple(
        (part, text) for part, text in (("body", body), ("source", source)) if text.strip()
    )
    yield Parsed(
        "document",
        "documents",
        context.name or "drawing",
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        name=context.name,
        media_type="image/svg+xml",
        texts=texts,
        facts=facts_text(facts),
        problems=tuple(problems),
    )
    yield Books(size)


def _root(untrusted_data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        return etree.fromstring(untrusted_data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _body(root: Any) -> str:
    lines: list[str] = []
    for element in root.iter():
        if _name(element) in _WORDS:
            parent = element.getparent()
            if parent is not None and _name(parent) in _WORDS:
                continue  # already among the words of the element around it
            pieces = (piece for piece in element.itertext() if isinstance(piece, str))
            if line := " ".join("".join(pieces).split()):
                lines.append(line)
    return tidy("\n".join(lines))


def _facts(root: Any) -> dict[str, object]:
    external: dict[str, None] = {}
    handlers: dict[str, None] = {}
    scripts = foreign = 0
    for element in root.iter():
        name = _name(element)
        scripts += name == "script"
        foreign += name == "foreignObject"
        styles = [element.text or ""] if name == "style" else []
        for key, value in element.attrib.items():
            short = key.rpartition("}")[2].lower()
            if short.startswith("on"):
                handlers[f"{name} {short}"] = None
            elif short in ("href", "src", "data") and (
                _AWAY.match(value) or "script:" in value[:50].lower()
            ):
                external[f"{name}: {tidy(value)[:1000]}"] = None
            elif short == "style" or "url(" in value:
                styles.append(value)
        for style in styles:
            for first, second in _CSS.findall(style):
                if _AWAY.match(first or second):
                    external[f"style: {tidy(first or second)[:1000]}"] = None
    return {
        "width": tidy(root.get("width") or "")[:40],
        "height": tidy(root.get("height") or "")[:40],
        "scripts": scripts,
        "handlers": list(handlers)[:_MOST],
        "external": list(external)[:_MOST],
        "foreign": foreign,
    }
