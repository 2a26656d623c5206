from __future__ import annotations

import pytest

from casekit.ingest.sniff import identify


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<svg xmlns='x'/>", "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by x -- no -->\n<svg:svg>', "svg"),
        (
            b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY a "b">]><SVG >',
            "svg",
        ),
        ("<svg>ü</svg>".encode("utf-16"), "svg"),
        (b"<html><body><svg></svg></body></html>", "html"),
        (b"<svgx>", "text"),
        (b"An <svg> in a sentence.", "text"),
    ],
)
def test_a_drawing_is_told_by_its_first_element(data: bytes, expected: str) -> None:
    assert identify(data, len(data), "x.txt").id == expected


def test_comments_without_end_do_not_take_long() -> None:
    data = b"<!--" + b"-" * 60_000
    assert identify(data, len(data), "").id == "text"
