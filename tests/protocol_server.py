"""A real server on this machine that speaks both protocols, and misbehaves when it is told to."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MODEL = "meridian-r1-2026-01"
Answer = Callable[["Speaker", dict[str, Any]], None]


class Speaker(BaseHTTPRequestHandler):
    """Answers one request; `server.turns` says how, one entry a request, the last for all that follow."""

    protocol_version = "HTTP/1.1"
    server: Server  # type: ignore[assignment]

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"]))
        asked = json.loads(data)
        self.server.seen.append((self.path, dict(self.headers.items()), asked))
        turns = self.server.turns
        (turns.pop(0) if len(turns) > 1 else turns[0])(self, asked)

    def give(self, status: int, value: object, **fields: str) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **fields}.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Listens on a free port of this machine; `seen` are the requests: path, header fields, JSON."""

    daemon_threads = True

    def __init__(self, *turns: Answer, tls: tuple[Path, Path] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Speaker)
        self.turns = list(turns) or [answer]
        self.seen: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, *_: object) -> None:
        pass  # a client that stops in the middle is what some tests are about

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


def text_of(asked: dict[str, Any]) -> str:
    return f"An answer to: {asked['messages'][-1]['content']}"


def answer(to: Speaker, asked: dict[str, Any]) -> None:
    """In the protocol that the path names, streamed if that was asked."""
    text, anthropic = text_of(asked), to.path.endswith("/messages")
    if asked.get("stream"):
        stream(to, asked)
    elif anthropic:
        to.give(200, {"id": "msg_1", "type": "message", "role": "assistant", "model": MODEL,
                      "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
                      "usage": {"input_tokens": 9, "output_tokens": 7}})  # fmt: skip
    else:
        to.give(200, {"id": "chatcmpl-1", "object": "chat.completion", "created": 1767225600, "model": MODEL,
                      "choices": [{"index": 0, "finish_reason": "stop",
                                   "message": {"role": "assistant", "content": text}}],
                      "usage": {"prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16}})  # fmt: skip


def stream(to: Speaker, asked: dict[str, Any], *, end: bool = True) -> None:
    """An answer in chunks; without its end the line is simply closed."""
    words = text_of(asked).split(" ")
    if to.path.endswith("/messages"):
        events: list[object] = [{"type": "message_start", "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "model": MODEL, "content": [],
            "usage": {"input_tokens": 9, "output_tokens": 1}}},
            {"type": "content_block_start", "index": 0,
             "content_block": {"type": "text", "text": ""}}]  # fmt: skip
        events += [{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": w + " "}}
                   for w in words]  # fmt: skip
        events += [{"type": "message_delta", "delta": {"stop_reason": "end_turn"},
                    "usage": {"output_tokens": 7}},
                   {"type": "message_stop"}]  # fmt: skip
    else:
        head = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1767225600,
            "model": MODEL,
        }
        events = [{**head, "choices": [{"index": 0, "delta": {"content": w + " "}}]} for w in words]
        events += [{**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
                   {**head, "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 7}}]  # fmt: skip
    to.send_response(200)
    to.send_header("Content-Type", "text/event-stream")
    to.send_header("Transfer-Encoding", "chunked")
    to.end_headers()
    lines = [f"data: {json.dumps(e)}\n\n" for e in events]
    if not to.path.endswith("/messages"):
        lines.append("data: [DONE]\n\n")
    for line in lines if end else lines[:3]:
        to.wfile.write(f"{len(line):x}\r\n{line}\r\n".encode())
    if end:
        to.wfile.write(b"0\r\n\r\n")
    to.close_connection = True


def cut_stream(to: Speaker, asked: dict[str, Any]) -> None:
    stream(to, asked, end=False)


def status(number: int, **fields: str) -> Answer:
    """Turns the request away."""
    return lambda to, _asked: to.give(number, {"error": {"message": f"no {number}"}}, **fields)


def raw(data: bytes) -> Answer:
    """Sends bytes of its own and closes the line."""

    def speak(to: Speaker, _asked: dict[str, Any]) -> None:
        to.wfile.write(data)
        to.close_connection = True

    return speak


def slow(to: Speaker, _asked: dict[str, Any]) -> None:
    """A byte now and then, for longer than anyone waits."""
    to.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
    )
    for _ in range(100):
        to.wfile.write(b" ")
        to.wfile.flush()
        time.sleep(0.1)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine that signs itself, and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    import ipaddress

    alt = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=36500))
        .add_extension(alt, False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
