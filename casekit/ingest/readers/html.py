"""Web pages: their text and source, and what they would have fetched; nothing is ever fetched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from casekit.ingest.charsets import Decoded, decode_text, facts_text, tidy
from casekit.ingest.containers import Data
from casekit.ingest.limits import MAX_TEXT
from casekit.ingest.mail.markup import is_bomb, loose_text, remote_hosts
from casekit.ingest.parsed import Books, Context, Parsed, Problem

_HEAD = 4096
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE
)
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|caption|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]"
    r"|header|hr|li|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)\b)",
    re.IGNORECASE,
)
_UNSEEN = ["script", "style", "noscript", "template", "head"]
_FETCHED = "[src],[background],[poster],[data],[srcset],link[href],image"
_CSS_URL = re.compile(
    r"url\(\s*[\"']?([^\"')\s]{1,2000})|@import\s+[\"']([^\"']{1,2000})", re.IGNORECASE
)
_REMOTE = re.compile(r"\s*(?:https?:|ftp:|//|\\\\)", re.IGNORECASE)
_MOST_URLS = 500


def read(untrusted_data: Data, context: Context) -> Iterator[Parsed | Problem | Books]:
    """One `document`: `body` is what a reader would see, `html` the source.

    Facts: `charset`, `charset_by`, `title`, `remote` (what a browser would fetch by itself), `links` (how
    many), `scripts`, `forms`.
    """
    size = len(untrusted_data)
    problems = []
    if size > MAX_TEXT // 2:
        text = (
            f"Only the first {MAX_TEXT // 2:,} bytes of the page are read; the file is kept whole."
        )
        problems.append(Problem("limits", "text-cut", text))
    decoded = decode_html(untrusted_data[: MAX_TEXT // 2])
    bomb = is_bomb(decoded.text)
    if bomb:
        text = "Its tags lie so deep in each other that the text was read without them."
        problems.append(Problem("limits", "nesting", text))
    body, facts = _without_tags(decoded.text) if bomb else html_text(decoded.text)
    title = str(facts.get("title") or "")
    facts |= {"charset": decoded.charset, "charset_by": decoded.how}
    yield Parsed(
        "document",
        "documents",
        context.name or title,
        (),
        hashlib.sha256(untrusted_data).digest(),
        size,
        name=context.name,
        media_type="text/html",
        texts=(("body", body), ("html", decoded.text)),
        facts=facts_text(facts),
        problems=tuple(problems),
    )
    yield Books(size)


def _without_tags(untrusted_html: str) -> tuple[str, dict[str, object]]:
    """Text and facts of a page that no parser should be given."""
    marked = _BLOCK.sub("\f<", untrusted_html.replace("\f", " "))
    lines = (" ".join(block.split()) for block in loose_text(marked).split("\f"))
    text = tidy("\n".join(line for line in lines if line))
    return text, {"remote": remote_hosts(untrusted_html)}


def decode_html(untrusted_data: bytes, declared: str = "") -> Decoded:
    """Decode a page: byte order mark, what the carrier declares, the page's own `meta`, then as any text."""
    found = _CHARSET.search(untrusted_data[:_HEAD])
    stated = declared or (found.group(1).decode("ascii") if found else "")
    if not declared and stated.lower().startswith("utf-16"):
        stated = (
            "utf-8"  # a meta that can be read as ASCII cannot be right about UTF-16 (WHATWG HTML)
        )
    return decode_text(untrusted_data, stated)


def html_text(untrusted_html: str) -> tuple[str, dict[str, object]]:
    """The visible text of a page, a line for each block, and what is worth knowing of it.

    A form feed, which HTML takes for white space everywhere, marks where blocks begin, so that words of
    neighbouring cells do not grow together.
    """
    marked = _BLOCK.sub("\f<", untrusted_html.replace("\f", " "))
    tree = LexborHTMLParser(marked)
    title = tree.css_first("title")
    facts: dict[str, object] = {
        "title": " ".join(tidy(title.text()).split())[:500] if title is not None else "",
        "remote": remote_urls(tree),
        "links": len(tree.css("a[href]")),
        "scripts": len(tree.css("script")),
        "forms": len(tree.css("form")),
    }
    tree.strip_tags([*_UNSEEN], recursive=True)
    root = tree.body or tree.root
    text = root.text(deep=True, separator="") if root is not None else ""
    keep_lines = "<pre" in marked or "<PRE" in marked
    lines: list[str] = []
    for block in text.split("\f"):
        if keep_lines:
            lines += (line.rstrip() for line in block.split("\n") if line.strip())
        elif words := block.split():
            lines.append(" ".join(words))
    return tidy("\n".join(lines)), facts


def remote_urls(tree: LexborHTMLParser) -> list[str]:
    """What a browser would fetch from elsewhere by itself when it shows the page, in page order, each once."""
    found: dict[str, None] = {}
    for node in tree.css(_FETCHED):
        for name, value in node.attributes.items():
            if value and name in ("src", "background", "poster", "data", "href", "xlink:href"):
                found[value] = None
            elif value and name == "srcset":
                found |= dict.fromkeys(piece.strip().split(" ")[0] for piece in value.split(","))
    for node in tree.css("[style]"):
        found |= _css(node.attributes.get("style") or "")
    for node in tree.css("style"):
        found |= _css(node.text())
    remote = [tidy(url.strip())[:2000] for url in found if _REMOTE.match(url)]
    return remote[:_MOST_URLS]


def _css(text: str) -> dict[str, None]:
    return dict.fromkeys(first or second for first, second in _CSS_URL.findall(text))
