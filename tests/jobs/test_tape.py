from __future__ import annotations

from pathlib import Path

from casekit.jobs import tape
from casekit.jobs.tape import Place, Tape

URL = "https://x.example/v1/messages"
TOLD = {"state": "answered", "sent_us": 5, "status": 200}


def test_every_cut_of_a_tape_still_tells_what_was_sent(tmp_path: Path) -> None:
    """A question whose record has begun counts as sent; an answer counts only where it is whole."""
    path = tmp_path / "a.warc"
    with Tape(path, {"operator": "T. O.\nevil: yes"}) as written:
        ends = [written.size]
        for n in (1, 2):
            name = written.put_question(Place(n, 1, 1), URL, b"POST / HTTP/1.1\r\n\r\n{}")
            ends.append(written.size)
            written.put_answer(
                name, Place(n, 1, 1), URL, b"HTTP/1.1 200 OK\r\n\r\n{}", TOLD, "127.0.0.1"
            )
            ends.append(written.size)
    data = path.read_bytes()
    cut = tmp_path / "cut.warc"
    seen = set()
    for end in range(0, len(data) + 1, 7):
        cut.write_bytes(data[:end])
        rows = tape.read(cut)
        answered = sum(row["state"] == "answered" for row in rows)
        assert answered == sum(end >= place for place in ends[2::2])
        assert len(rows) >= sum(end >= place for place in ends[1::2])
        seen.add((len(rows), answered))
    assert {(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)} <= seen | {(2, 2)}
    whole = tape.read(path)
    assert [row["place"] for row in whole] == [Place(1, 1, 1), Place(2, 1, 1)]
    assert whole[0]["status"] == 200
    assert b"\nevil" not in data
