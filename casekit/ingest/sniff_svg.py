"""Tells an SVG drawing by its first element, whatever stands before that."""

from __future__ import annotations

import re

from casekit.ingest.sniff_text import Head, Told

_OPENING = re.compile(
    rb"\s*+(?>(?:<\?[^>]*+>\s*+|<!--[^-]*+(?>(?:-(?!->)[^-]*+)*)-->\s*+|<!DOCTYPE\s+svg\b[^>\[]*+"
    rb"(?:\[[^\]]*+\]\s*+)?>\s*+)*)<(?:\w{1,20}:)?svg[\s>]",
    re.I,
)


def as_svg(head: Head) -> Told | None:
    """An `svg` element behind an XML declaration, comments and a document type (SVG 2, W3C)."""
    if _OPENING.match(head.raw):
        return "svg", 0.95, "opens as an SVG drawing"
    return None
