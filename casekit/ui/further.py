"""What a reader found of an item besides, in words: names a lawyer knows, values without brackets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.i18n import tr

NAMES = {
    "active": "Active content",
    "annotations": "Remarks on the page",
    "application": "Written by",
    "attachments": "Attachments",
    "boxes": "Text boxes",
    "bytes_behind": "Bytes behind its end",
    "charset": "Character set",
    "charset_by": "Character set known by",
    "chat": "Conversation",
    "class": "Kind of message",
    "comments": "Comments of",
    "content_id": "Number in the message",
    "conversation": "Conversation",
    "conversation_index": "Place in the conversation",
    "created": "Created",
    "custom": "Properties of its own",
    "date_order": "Order of day and month",
    "date_order_by": "Order known by",
    "description": "Description",
    "digests": "Checksums told with it",
    "disposition": "Place in the message",
    "embedded": "Files inside",
    "encapsulated": "Was written as",
    "encrypted": "Encryption",
    "event": "What happened",
    "exif": "Camera data (EXIF)",
    "external": "Refers to, outside the file",
    "fields": "Codes that reach outside",
    "file_name": "File name",
    "format": "Format",
    "format_version": "Version of the format",
    "forms": "Forms",
    "frames": "Frames",
    "header": "Header",
    "height": "Height in pixels",
    "hidden_runs": "Hidden passages",
    "hidden_sheets": "Hidden sheets",
    "http": "HTTP message",
    "info": "Document properties",
    "labels": "Labels",
    "lines": "Lines",
    "links": "Links",
    "log": "Log",
    "macros": "Macros",
    "mode": "Colours",
    "modified": "Changed",
    "needs_ocr": "Pages without text",
    "object_class": "Put in with",
    "object_classes": "Kinds of objects",
    "packed_from": "Lay before it was put in at",
    "page_sizes": "Page sizes in points",
    "pictures": "Pictures",
    "properties": "Document properties",
    "record": "Further fields of the record",
    "remote": "Would be fetched from elsewhere",
    "resources": "Resources",
    "revisions": "Earlier versions inside",
    "saved_by": "Saved by",
    "saves": "Times saved over itself",
    "scripts": "Scripts",
    "service": "Service",
    "sheets": "Sheets",
    "signed": "Signature",
    "status": "Status",
    "tables": "Tables",
    "template": "Template",
    "text": "Texts in the picture file",
    "text_boxes": "Text boxes",
    "title": "Title",
    "tracked": "Tracked changes",
    "updates": "Changes appended",
    "url": "Address",
    "version": "Version of the format",
    "width": "Width in pixels",
}
"""Words for the names that readers give; others are shown as they are, their underscores as spaces."""


def further_rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each fact, in words."""
    return [
        (tr(NAMES[name]) if name in NAMES else name.replace("_", " "), said(value))
        for name, value in facts.items()
    ]


def said(value: Any) -> str:
    """A fact in words: lists and objects item by item, without brackets."""
    if isinstance(value, dict):
        return " · ".join(f"{k} {said(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(map(said, value))
    return (tr("yes") if value else "") if isinstance(value, bool) else f"{value}"
