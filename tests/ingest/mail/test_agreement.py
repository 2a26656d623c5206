from __future__ import annotations

from dataclasses import replace

from casekit.ingest.mail.agreement import parsers_agree
from casekit.ingest.mail.structure import read_structure
from tests.ingest.mail_case import DATA


def test_two_parsers_agree_on_a_sound_message_and_on_a_cut_one() -> None:
    raw = (DATA / "family.eml").read_bytes()
    for end in (len(raw), 900, 600, 450):
        assert parsers_agree(raw[:end], read_structure(raw[:end]))


def test_a_part_cut_one_byte_off_is_noticed() -> None:
    raw = (DATA / "family.eml").read_bytes()
    root = read_structure(raw)
    table = root.parts[1]
    moved = replace(
        root, parts=(root.parts[0], replace(table, start=table.start + 1), *root.parts[2:])
    )
    assert not parsers_agree(raw, moved)
    assert not parsers_agree(raw, replace(root, parts=root.parts[:2]))


def test_a_part_that_begins_with_a_continuation_is_read_in_two_ways() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n folded\nX: y\n--b--\n"
    assert not parsers_agree(raw, read_structure(raw))
