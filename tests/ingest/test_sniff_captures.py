from __future__ import annotations

import pytest

from casekit.ingest.sniff import identify


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b'{"log": {"version": "1.2", "creator": {}, "entries": []}}', "har"),
        (b'\xef\xbb\xbf\n{ "log" : { "entries" : [ {"request": 1} ] } }', "har"),
        (b'{"log": {"entries": [1]}}', "json-records"),
        (b'{"log": "creator"}', "json-records"),
        (b'{"logs": {"creator": 1}}', "json-records"),
    ],
)
def test_captures_are_told_by_their_beginning(head: bytes, form: str) -> None:
    assert identify(head, len(head), "x").id == form
