from __future__ import annotations

from casekit.ingest.sniff_logs import as_server_log
from casekit.ingest.sniff_text import head_of

LINE = b'INFO:     ::1:36536 - "GET /v1/models HTTP/1.1" 200 OK\n'


def test_half_of_the_lines_must_be_the_servers() -> None:
    half, fewer = LINE + b"other\n", LINE + b"other\nother\n"
    told = as_server_log(head_of(half, len(half), "x"))
    assert told == ("server-log", 0.95, "1 of the first 2 lines are a model server's")
    assert as_server_log(head_of(fewer, len(fewer), "x")) is None
    assert as_server_log(head_of(b"\n", 1, "x")) is None
