"""Tells the pictures that the reader of pictures knows besides PNG and JPEG."""

from __future__ import annotations

_SIGNATURES = (b"GIF8", b"II*\0", b"MM\0*")
_BITMAP_HEADERS = tuple(size.to_bytes(4, "little") for size in (12, 16, 40, 52, 56, 64, 108, 124))
"""Sizes that the second header of a bitmap has, by its version (MS-WMF 2.2.2; OS/2)."""


def is_picture(untrusted_head: bytes) -> bool:
    """Whether a file that begins with these bytes, 18 or more, is a GIF, TIFF, WebP or Windows bitmap."""
    if untrusted_head[:4] == b"RIFF":
        return untrusted_head[8:12] == b"WEBP"
    if untrusted_head[:2] == b"BM":
        return untrusted_head[14:18] in _BITMAP_HEADERS
    return untrusted_head.startswith(_SIGNATURES)
