"""Writes small folders of evidence, the same on every machine: an API log, mails, letters, pictures."""

from __future__ import annotations

import base64
import json
import random
import struct
import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from casekit import clock

START_US = 1_767_225_600_000_000  # 1 January 2026
TEXT = """
time year people way day thing life child world school state family student group country problem
hand part place case week company system program question work government number night point home
water room mother area money story fact month lot right study book eye job word business issue side
kind head house service friend power hour game line end member law car city community name team
minute idea body information reason tensor kernel thread socket query index cache graph node edge
tree heap stack queue contract clause statute proof
"""
WORDS = tuple(TEXT.split())


def sentence(rng: random.Random, count: int) -> str:
    """Words of no meaning."""
    return " ".join(rng.choices(WORDS, k=count))


def log_record(number: int, seed: int = 7, words: int = 45) -> dict[str, object]:
    """One request and its answer in the form of a provider's log."""
    rng = random.Random(f"{seed} {number}")
    prompt = f"Explain {sentence(rng, 12)}, case {number}?"
    account = f"acct_{rng.randrange(900):05d}"
    return {
        "ts": clock.iso(START_US + number * 7_003_000),
        "request_id": f"req_{seed}_{number:08d}",
        "account_id": account,
        "api_key_id": f"key_{account[5:]}_0",
        "payment_id": f"pm_{rng.getrandbits(40):010x}",
        "ip": f"198.51.100.{rng.randrange(1, 255)}",
        "asn": 64_512 + rng.randrange(400),
        "country": rng.choice(["US", "DE", "JP"]),
        "user_agent": "python-requests/2.32.3",
        "ja4": f"t13d1512h2_{rng.getrandbits(48):012x}",
        "endpoint": "/v1/messages",
        "model": rng.choice(["aurora-4", "aurora-mini"]),
        "status": 200,
        "latency_ms": rng.randrange(200, 9000),
        "request": {
            "max_tokens": 1024,
            "temperature": 0.7,
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": prompt},
            ],
        },
        "response": {
            "id": f"msg_{rng.getrandbits(60):015x}",
            "stop_reason": "end_turn",
            "content": [{"type": "text", "text": sentence(rng, words)}],
        },
        "usage": {"input_tokens": 30, "output_tokens": 90, "cache_read_input_tokens": 0},
    }


def write_log(path: Path, count: int, seed: int = 7, *, torn_every: int = 0) -> Path:
    """An API log of `count` records, one a line; every so many of them is followed by a torn one."""
    with path.open("w", encoding="utf-8", newline="\n") as f:
        for number in range(count):
            line = json.dumps(log_record(number, seed), separators=(",", ":"))
            f.write(line + "\n")
            if torn_every and number % torn_every == torn_every - 1:
                f.write(line[: 40 + number % 100] + "\n")
    return path


def mail(number: int, *, attachment: bytes = b"", name: str = "note.txt") -> bytes:
    """One message; every third answers the one before it."""
    rng = random.Random(f"mail {number}")
    message = EmailMessage()
    message["From"] = f"Helen Marsh <helen{number % 5}@aurora.example>"
    message["To"] = "Tom Becker <tom@meridian.example>"
    message["Date"] = f"{1 + number % 28:02d} Jan 2026 10:{number % 60:02d}:00 +0100"
    message["Subject"] = f"Re: usage {number // 3}" if number % 3 else f"usage {number // 3}"
    message["Message-ID"] = f"<m{number}@aurora.example>"
    if number % 3:
        message["In-Reply-To"] = f"<m{number - 1}@aurora.example>"
    message.set_content("\n".join(sentence(rng, 9) for _ in range(6)) + "\n")
    if attachment:
        message.add_attachment(
            attachment, maintype="application", subtype="octet-stream", filename=name
        )
        message.set_boundary(f"=={number}==")
    return bytes(message)


def write_mbox(path: Path, count: int) -> Path:
    """A mailbox of `count` messages, every tenth with an attachment."""
    with path.open("wb") as f:
        for number in range(count):
            data = mail(
                number, attachment=b"terms of service\n" * number if number % 10 == 9 else b""
            )
            quoted = b"\n".join(
                b">" + line if line.startswith(b"From ") else line for line in data.split(b"\n")
            )
            f.write(b"From helen@aurora.example Thu Jan  1 10:00:00 2026\n" + quoted + b"\n")
    return path


def png(width: int = 8, height: int = 8) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\x00" + bytes((x * 30) % 256 for x in range(width)) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def answers(model: str, count: int) -> Iterator[dict[str, str]]:
    """Model outputs in AlpacaEval's form."""
    for number in range(count):
        rng = random.Random(f"{model} {number}")
        yield {
            "instruction": f"What is {WORDS[number % len(WORDS)]}, and why number {number}?",
            "output": f"{WORDS[number % len(WORDS)].capitalize()} is {sentence(rng, 25)}.",
            "generator": model,
        }


def write_folder(folder: Path, *, records: int = 3000, mails: int = 300) -> Path:
    """A folder of every easy kind, with a folder in it and a file that is there twice."""
    (folder / "letters").mkdir(parents=True)
    write_log(folder / "api.jsonl", records, torn_every=150)
    (folder / "answers.json").write_text(
        json.dumps(list(answers("meridian-7b", 40)), indent=1), "utf-8"
    )
    write_mbox(folder / "box.mbox", mails)
    (folder / "one.eml").write_bytes(mail(9001, attachment=png(), name="scan.png"))
    (folder / "letters" / "terms.txt").write_text(
        "Outputs must not be used to train models.\n" * 20, "utf-8"
    )
    (folder / "letters" / "copy of terms.txt").write_text(
        "Outputs must not be used to train models.\n" * 20, "utf-8"
    )
    (folder / "letters" / "notice.html").write_text(
        "<h1>Notice</h1><p>We ask you to stop.</p>", "utf-8"
    )
    (folder / "letters" / "scan.png").write_bytes(png(16, 16))
    (folder / "letters" / "图纸.txt").write_text("模型输出不得用于训练。\n", "utf-8")
    (folder / "letters" / "data.bin").write_bytes(base64.b85decode(b"VPaz" * 400))
    return folder
