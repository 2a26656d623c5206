from __future__ import annotations

from casekit.ingest.reading import format_of
from casekit.ingest.sniff_ole import ole_format
from tests.ingest.outlook_case import compound_file, note


def test_an_outlook_item_is_told_from_other_compound_files() -> None:
    message = compound_file(note())
    other = compound_file({"WordDocument": b"x" * 5000, "1Table": b""})
    assert (ole_format(message), ole_format(other)) == ("msg", "")
    assert format_of(message, "letter.doc") == "msg"
    assert format_of(other, "mail.msg") == "docx"


def test_the_directory_may_lie_far_behind_the_head_or_be_cut_off() -> None:
    large = compound_file(note(_1013=b"x" * 200_000))
    assert ole_format(large) == "msg"
    assert ole_format(large[:1000]) == ""
    assert ole_format(large[:40]) == ""
    assert ole_format(b"") == ""
