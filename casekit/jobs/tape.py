"""The tape: what was asked and what came, written down while it happens, as a web archive (WARC).

A question is on the disk before it is sent, its answer before the next is asked: whatever is killed, every
question that may have been sent is on the tape. A tape that is full, or whose run has ended, becomes an
original of the case and is read like any other web archive. Header fields of our own begin with `CaseKit-`.

Source: ISO 28500:2017 (WARC 1.1).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from casekit import clock
from casekit.store.vault import sync_folder

Row = dict[str, Any]
UNKNOWN = "unknown"
_TRUNCATED = {
    "cut": "disconnect",
    "timed-out": "time",
    "too-long": "length",
    "cancelled": "unspecified",
}
_HEADER_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Which question: number of the prompt, of the sample, and which attempt, from 1."""

    prompt: int
    sample: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.prompt}/{self.sample}/{self.attempt}"


class Tape:
    """A tape being written; made by `Tape(path)`, which must not exist yet."""

    def __init__(self, path: Path, about: Mapping[str, Any]) -> None:
        self.path = path
        self.questions = 0
        self._file = path.open("xb")
        sync_folder(path.parent)
        self._certificates: set[bytes] = set()
        told = "".join(f"{name}: {_line(str(value))}\r\n" for name, value in about.items())
        self._write("warcinfo", told.encode(), {"Content-Type": "application/warc-fields"})

    @property
    def size(self) -> int:
        """Bytes written."""
        return self._file.tell()

    def put_question(self, place: Place, url: str, kept: bytes) -> str:
        """Write a question down, on the disk; returns the record's name."""
        self.questions += 1
        return self._write(
            "request", kept,
            {
                "WARC-Target-URI": url, "Content-Type": "application/http;msgtype=request",
                "CaseKit-Collected": "outputs", "CaseKit-Asking": str(place),
            },
        )  # fmt: skip

    def put_answer(
        self, question: str, place: Place, url: str, raw: bytes, told: Row, address: str
    ) -> None:
        """Write down what came; `told` is what is known of it, as `read` gives it back."""
        fields = {
            "WARC-Target-URI": url, "WARC-Concurrent-To": question, "CaseKit-Asking": str(place),
            "CaseKit-Result": json.dumps(told, ensure_ascii=True),
        }  # fmt: skip
        if address:
            fields["WARC-IP-Address"] = address
        if told["state"] in _TRUNCATED:
            fields["WARC-Truncated"] = _TRUNCATED[told["state"]]
        if raw:
            fields["Content-Type"] = "application/http;msgtype=response"
            self._write("response", raw, fields)
            return
        fields["Content-Type"] = "application/json"
        self._write("metadata", fields["CaseKit-Result"].encode(), fields)

    def put_certificate(self, url: str, certificate: bytes, text: str, tls: str) -> None:
        """Write a server's certificate down, once a tape."""
        if certificate in self._certificates:
            return
        self._certificates.add(certificate)
        self._write(
            "resource", text.encode(),
            {
                "WARC-Target-URI": "tls:" + url.partition(":")[2], "Content-Type": "text/plain",
                "CaseKit-Certificate-SHA256": hashlib.sha256(certificate).hexdigest(),
                "CaseKit-TLS": tls,
            },
        )  # fmt: skip

    def close(self) -> None:
        """End it."""
        self._file.close()

    def __enter__(self) -> Tape:
        return self

    def __exit__(
        self, _1: type[BaseException] | None, _2: BaseException | None, _3: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, kind: str, block: bytes, fields: Mapping[str, str]) -> str:
        name = f"<urn:uuid:{uuid.uuid4()}>"
        head = {
            "WARC-Type": kind, "WARC-Record-ID": name, "WARC-Date": clock.iso(clock.now_us()),
            "WARC-Block-Digest": f"sha256:{hashlib.sha256(block).hexdigest()}", **fields,
            "Content-Length": str(len(block)),
        }  # fmt: skip
        lines = "".join(f"{key}: {value}\r\n" for key, value in head.items())
        self._file.write(f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return name


def read(path: Path) -> list[Row]:
    """Every question of a tape with what came of it, in order; also of one that was cut anywhere.

    A question without an answer has the state `unknown`: it may have been sent. Each row has `place`,
    `sent_us` and, where an answer came, what `put_answer` was told.
    """
    rows: dict[str, Row] = {}
    for fields in _heads(path):
        asking = fields.get("casekit-asking", "")
        if not re.fullmatch(r"\d+/\d+/\d+", asking):
            continue
        place = Place(*map(int, asking.split("/")))
        if fields["warc-type"] == "request":
            rows[asking] = {"place": place, "state": UNKNOWN, "sent_us": _us(fields["warc-date"])}
        elif asking in rows:
            with contextlib.suppress(ValueError):
                rows[asking].update(json.loads(fields["casekit-result"]))
    return list(rows.values())


def _heads(path: Path) -> Iterator[dict[str, str]]:
    """The header of every whole record."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while file.tell() < size:
            head = bytearray()
            for raw in file:
                head += raw
                if raw == b"\r\n" or len(head) > 1 << 20:
                    break
            if not head.endswith(_HEADER_END):
                return  # the last header was cut
            fields = {
                name.strip().lower(): value.strip()
                for name, mark, value in (
                    line.partition(":") for line in head.decode().split("\r\n")
                )
                if mark
            }
            length = int(fields["content-length"])
            if file.tell() + length + 4 > size:
                if fields["warc-type"] == "request":
                    yield fields  # cut in it: it was not sent, but nobody can know
                return
            file.seek(length + 4, os.SEEK_CUR)
            yield fields


def _us(text: str) -> int:
    import datetime as dt

    return clock.to_us(dt.datetime.fromisoformat(text.replace("Z", "+00:00")))


def _line(text: str) -> str:
    return " ".join(text.split())
