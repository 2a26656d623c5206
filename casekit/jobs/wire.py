"""The wire: one question to one endpoint over HTTP. The only module of CaseKit that reaches a network.

It is imported inside the function that collects, and by nobody else; `tests/test_no_network.py` and an
import contract keep that so. Every byte that came is kept as it came, save the key, should the other side
send it back: its characters are replaced by as many asterisks. No proxy, no redirect, no cookie, no retry.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import casekit
from casekit import clock
from casekit.errors import Cancelled, CaseKitError
from casekit.jobs.protocols import checked_address

MOST_BYTES = 64 * 1024 * 1024
CONNECT_SECONDS = 20.0
SLICE_SECONDS = 0.25
NOT_KEPT = "[not kept]"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT")


@dataclass(frozen=True, slots=True)
class Question:
    """A request ready to be sent.

    Attributes:
        url: Where to.
        sent: Its bytes with the key; they are never kept.
        kept: The same bytes with `NOT_KEPT` in the key's place.
        key: The key, empty where the endpoint asks for none.
    """

    url: str
    sent: bytes = field(repr=False)
    kept: bytes
    key: str = field(repr=False, default="")


@dataclass(slots=True)
class Came:
    """What came of a question.

    Attributes:
        state: `whole`; `cut` (it broke off), `timed-out`, `too-long`, `garbage` (no HTTP), `cancelled`;
            `unreachable` and `certificate` (not to be trusted): nothing was sent.
        raw: The bytes that came, status line and headers too.
        status: Of the answer, None without one.
        headers: Its fields, names in small letters.
        body: Its body without transfer coding.
        sent_us: When the question was sent, by this machine's clock; likewise `ended_us`.
        clock_us: The server's clock less ours, from its Date field; `clock_error_us` either way.
        certificate: The server's, DER; empty without TLS. `tls` names version and cipher.
        address: IP address that answered.
        error: What went wrong, in words.
        split: The key came in pieces, so that `raw` is status line, headers and `body` without transfer coding.
    """

    state: str = "whole"
    raw: bytes = b""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    sent_us: int = 0
    ended_us: int = 0
    clock_us: int | None = None
    clock_error_us: int | None = None
    certificate: bytes = b""
    tls: str = ""
    address: str = ""
    error: str = ""
    split: bool = False


def question(url: str, fields: dict[str, str], body: bytes, key_field: str, key: str) -> Question:
    """Make the bytes of a POST.

    Args:
        url: `https://…`; `http://` only of this machine, where nobody else can read the key.
        fields: Header fields besides those that HTTP itself needs.
        body: JSON.
        key_field: Name of the field that carries the key, and what stands before it, as in
            `Authorization: Bearer `.
        key: The key, or empty.

    Raises:
        CaseKitError: The address or the key cannot be used.
    """
    host, path = checked_address(url)
    if key and not re.fullmatch(r"[!-~]+", key):
        raise CaseKitError("The key holds a space, a line end or another sign that no key has.")
    lines = {
        "Host": host, "User-Agent": f"CaseKit/{casekit.__version__}", "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream", "Accept-Encoding": "identity",
        "Content-Length": str(len(body)), "Connection": "close", **fields,
    }  # fmt: skip
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items())

    def made(secret: str) -> bytes:
        own = f"{key_field}{secret}\r\n" if key else ""
        return (head + own + "\r\n").encode("latin-1") + body

    if key and key.encode() in made(NOT_KEPT):
        raise CaseKitError("The key stands in the address, the prompt or a parameter: take it out.")
    return Question(url, made(key), made(NOT_KEPT), key)


def ask(
    asked: Question, waiting: Callable[[], None], seconds: float = 300.0, authority: Path | None = None
) -> Came:  # fmt: skip
    """Send a question and keep what comes, whatever it is.

    Args:
        asked: From `question`.
        waiting: Called several times a second; it may raise `Cancelled`, which ends the waiting: what came
            until then is told.
        seconds: How long all of it may take.
        authority: Certificates (PEM) to be trusted instead of the system's.
    """
    came = Came()
    until = time.monotonic() + seconds
    came.sent_us = clock.now_us()
    try:
        with contextlib.closing(_connected(asked.url, came, authority)) as line:
            came.sent_us = clock.now_us()
            _send(line, asked.sent, waiting, until)
            _take(line, came, waiting, until)
    except Cancelled:
        came.state, came.error = "cancelled", "stopped by the person"
    except TimeoutError:
        came.state = "timed-out" if came.state == "whole" else came.state
        came.error = came.error or f"no whole answer within {seconds:.0f} s"
    except ssl.SSLCertVerificationError as error:
        came.state, came.error = "certificate", error.verify_message
    except OSError as error:
        came.state = "cut" if came.state == "whole" else came.state
        came.error = error.strerror or type(error).__name__
    came.ended_us = clock.now_us()
    _without_key(came, asked.key)
    _tell_clock(came)
    return came


def _connected(url: str, came: Came, authority: Path | None) -> socket.socket:
    parts = urlsplit(url)
    host = parts.hostname or ""
    came.state = "unreachable"
    plain = socket.create_connection(
        (host, parts.port or (443 if parts.scheme == "https" else 80)), CONNECT_SECONDS
    )
    came.address = plain.getpeername()[0]
    if parts.scheme == "http":
        came.state = "whole"
        return plain
    context = ssl.create_default_context(cafile=str(authority) if authority else None)
    try:
        line = context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise
    came.certificate = line.getpeercert(binary_form=True) or b""
    cipher = line.cipher()
    came.tls = f"{line.version()} {cipher[0] if cipher else ''}".strip()
    came.state = "whole"
    return line


def _send(line: socket.socket, data: bytes, waiting: Callable[[], None], until: float) -> None:
    left = memoryview(data)
    while left:
        _look(waiting, until)
        line.settimeout(SLICE_SECONDS)
        with contextlib.suppress(TimeoutError):
            left = left[line.send(left[:65536]) :]


def _look(waiting: Callable[[], None], until: float) -> None:
    waiting()
    if time.monotonic() > until:
        raise TimeoutError


class _Kept(io.RawIOBase):
    """The socket as a file: all that is read from it is kept."""

    def __init__(self, line: socket.socket, waiting: Callable[[], None], until: float) -> None:
        self._line, self._waiting, self._until = line, waiting, until
        self.data = bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while True:
            _look(self._waiting, self._until)
            self._line.settimeout(SLICE_SECONDS)
            try:
                count = self._line.recv_into(buffer)
            except TimeoutError:
                continue
            self.data += memoryview(buffer)[:count]
            if len(self.data) > MOST_BYTES:
                raise _TooLongError
            return count


class _TooLongError(Exception):
    pass


class _Line:
    """What `http.client` reads an answer from."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._kept)


def _take(line: socket.socket, came: Came, waiting: Callable[[], None], until: float) -> None:
    kept = _Kept(line, waiting, until)
    answer = http.client.HTTPResponse(_Line(kept), method="POST")  # type: ignore[arg-type]
    pieces: list[bytes] = []
    try:
        answer.begin()
        came.status = answer.status
        came.headers = {name.lower(): value for name, value in answer.getheaders()}
        while piece := answer.read1(65536):
            pieces.append(piece)
        if answer.length:
            came.state, came.error = "cut", f"{answer.length} bytes of the answer are missing"
    except http.client.IncompleteRead as error:
        pieces.append(error.partial)
        came.state, came.error = "cut", "the answer broke off"
    except http.client.RemoteDisconnected:
        came.state, came.error = "cut", "the line was closed without an answer"
    except _TooLongError:
        came.state, came.error = "too-long", f"the answer is longer than {MOST_BYTES:,} bytes"
    except (http.client.HTTPException, ValueError) as error:
        known = came.status is not None  # a broken chunk, or no HTTP from the start
        came.state = "cut" if known else "garbage"
        came.error = f"what came is no HTTP ({type(error).__name__})"
    finally:
        came.raw, came.body = bytes(kept.data), b"".join(pieces)


def _without_key(came: Came, key: str) -> None:
    """The key is kept nowhere, even where the other side sends it back."""
    if not key:
        return
    secret, masked = key.encode(), b"*" * len(key)
    came.error = came.error.replace(key, "*" * len(key))
    came.headers = {n: v.replace(key, "*" * len(key)) for n, v in came.headers.items()}
    came.raw = came.raw.replace(secret, masked)
    if secret in came.body:
        came.body = came.body.replace(secret, masked)
        if came.body not in came.raw and "transfer-encoding" in came.headers:
            came.split = True
            came.raw = came.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + came.body


def _tell_clock(came: Came) -> None:
    """How far the server's clock is from ours; its Date field tells whole seconds."""
    theirs = http_date(came.headers.get("date", ""))
    if theirs is None:
        return
    theirs += 500_000
    took = came.ended_us - came.sent_us
    came.clock_us = theirs - (came.sent_us + took // 2)
    came.clock_error_us = 500_000 + took // 2


def http_date(text: str) -> int | None:
    """Microseconds since 1970 of a date as HTTP writes it (RFC 9110, 5.6.7); None if it is none."""
    found = _DATE.fullmatch(text.strip())
    if found is None or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
    month = _MONTHS.index(found[2]) + 1
    try:
        moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
    return clock.to_us(moment)


def fingerprint(certificate: bytes) -> bytes:
    """SHA-256 (32 bytes) of a certificate."""
    return hashlib.sha256(certificate).digest()


def pem(certificate: bytes) -> str:
    """A certificate as text."""
    return ssl.DER_cert_to_PEM_cert(certificate)
