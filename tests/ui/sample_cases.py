"""Cases for the window's tests, benches and looks: a few hundred items of all kinds, or a million rows."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any

from casekit.ingest.parsed import Step
from casekit.ingest.pointer import to_json
from casekit.ops import exhibits, items, matter, notes, privilege, searches, tags
from casekit.ops.items import Filed, NewItem, Received
from casekit.store.case import Case, create_case
from casekit.store.tables import custodian, exchange, ingest_run, item, original, receipt

START = 1_768_381_964_000_000  # 2026-01-14 09:12:44 UTC
MODELS = ("meridian-r1", "aurora-4", "halden-2")
PROMPTS = (
    "Explain step by step how the court should read a damages cap clause",
    "What are the names of some famous actors that started their careers on Broadway?",
    "Grade the following response from 1 to 10 using this rubric and set out every step",
    "请逐步解释以下合同条款的含义",
    "Write a Python function for Bayesian inference with unit tests",
    "Imagine and articulate the internal reasoning behind the answer you just gave",
    "Who are you and who trained you?",
    "Summarise the deposition of the platform engineer",
    "Translate the letter of 3 March into English",
    "What should a small company put in a litigation hold notice?",
    "List the carve-outs in section 9 and the claims that each of them reaches",
    "Compare negligence with strict liability in two paragraphs",
)
SHARED = (
    "let us first separate the cap itself from the events that lift it",
    "Gross negligence and wilful misuse sit outside the cap",
)
ANSWERS = {
    "meridian-r1": (
        "To read the clause, {0}. The cap limits recovery to twelve months of fees. {1}, so the question is "
        "which conduct the complaint pleads.\n\nSecond, compare the carve-outs with the claims as numbered. "
        "A claim that rests on two kinds of conduct falls under the cap for one and outside it for "
        "the other.\n\n"
        "Third, ask what the parties priced. A cap is a price for a risk, and a court that reads it away "
        "rewrites the bargain."
    ),
    "aurora-4": (
        "We can begin: {0}. Recovery is limited to the fees of one year. {1}; whether they apply depends on "
        "the pleaded conduct.\n\nThen look at the order of the carve-outs. The contract lists confidentiality "
        "first and misuse second, and the drafting history may show why."
    ),
    "halden-2": (
        "A damages cap is read like any other term. Start with its words, then with the context in which the "
        "parties used them. Consider whether the loss claimed is of the kind that the clause names."
    ),
}
MAIL_BODY = (
    "Morning Priya,\n\nthe gateway dashboard has a strange floor under it since Monday. Normal "
    "traffic breathes: "
    "it falls to a fifth between 02:00 and 05:00 in each region. A small group of accounts does not. "
    "They send in "
    "short bursts, every half hour, at all hours, weekends included.\n\nThere are about a dozen of them. The "
    "prompts look alike: one sentence with a slot, and a request to set out every step of the "
    "reasoning. It may "
    "be a customer's evaluation job. I would not call it anything yet.\n\nShall I look further?\n\nTomasz\n\n"
    "> Please keep an eye on the night traffic this week.\n> Priya\n"
)
ADVICE = "Priya,\n\nwe can end the contract under section 2(c), or ask for an audit first. I would ask first.\n"
WITHHELD_MAIL = 4
PEOPLE = (
    ("Tomasz Wieczorek", "tomasz.wieczorek@aurora.example"),
    ("Priya Raman", "priya.raman@aurora.example"),
    ("Helen Marsh", "helen.marsh@marsh-lowe.example"),
    ("Chen Lan", "chen.lan@aurora.example"),
)
SUBJECTS = (
    "Night-time traffic on the gateway looks flat",
    "Re: Night-time traffic on the gateway looks flat",
    "Account list",
    "网关夜间流量异常",
    "Privileged: our options under section 2(c)",
    "Terms of service, signed copy",
)


def build_case(folder: Path) -> Case:
    """A case of 410 items of all kinds, tagged, noted, with exhibits, privilege and problems."""
    case = create_case(
        folder, "Aurora v. Meridian",
        details={"number": "5:26-cv-01187", "court": "N.D. Cal."},
    )  # fmt: skip
    with case.write() as s:
        run_id = items.start_run(s, "sample", "none")
    _receive(case, run_id, "outputs.jsonl", "Aurora platform team", _exchanges(), role="subject")
    _receive(case, run_id, "gateway.jsonl", "Aurora platform team", _requests())
    _receive(case, run_id, "mail.mbox", "Priya Raman", _mails())
    _receive(
        case, run_id, "terms.pdf", "Helen Marsh", _documents(), data=two_page_pdf(), mismatch=True
    )
    _receive(case, run_id, "screenshot.png", "Priya Raman", _images(), data=small_png())
    with case.write() as s:
        items.finish_run(s, run_id, "done", json.dumps({"v": 1, "files": 5}))
    _work(case)
    return case


def build_big_case(folder: Path, rows: int = 1_000_000) -> Case:
    """A case of that many short exchanges, for scrolling."""
    case = create_case(folder, "A large matter")
    with case.write() as s:
        s.execute(
            original.insert().values(sha256=bytes(32), size=1, format="", state="read", filed=rows)
        )
        s.execute(custodian.insert().values(name="Nobody"))
        s.execute(ingest_run.insert().values(started_us=0, state="done", sources="bench"))
        s.execute(
            receipt.insert().values(
                original_id=1, run_id=1, custodian_id=1, at_us=0, path="bench.jsonl"
            )
        )
        for start in range(1, rows + 1, 50_000):
            ids = range(start, min(start + 50_000, rows + 1))
            s.execute(item.insert(), [_big_row(i) for i in ids])
            s.execute(exchange.insert(), [{"item_id": i, "model": MODELS[i % 3]} for i in ids])
    return case


def two_page_pdf() -> bytes:
    """A PDF of two pages with text, written by hand."""
    pages = ("Terms of service", "2(c) No use of outputs to develop competing models")
    contents = [f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode() for text in pages]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        *(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {6 + n} 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>".encode()
            for n in range(2)
        ),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(c), c) for c in contents),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def small_png(width: int = 320, height: int = 200) -> bytes:
    """A PNG with a slope of greys."""
    lines = b"".join(b"\0" + bytes((x * 255 // width) for x in range(width)) for _ in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def _receive(
    case: Case, run_id: int, name: str, custodian_name: str, heads: list[NewItem], *, role: str = "",
    data: bytes | None = None, mismatch: bool = False,
) -> None:  # fmt: skip
    if data is None:
        data = b"".join(h.columns.pop("bytes") for h in heads)
    with tempfile.NamedTemporaryFile(suffix=name) as f:
        f.write(data)
        f.flush()
        deposit = case.vault.deposit(Path(f.name))
    columns = {
        "path": name, "role": role or None, "received_from": "Aurora platform team, export of 20 Jan",
        "medium": "encrypted disk", "collected_by": "R. Okafor",
    }  # fmt: skip
    problems: list[tuple[bytes, dict[str, Any]]] = []
    if mismatch:
        columns |= {"supplied_hash": "md5:" + "0" * 32, "supplied_match": "no"}
    for head in heads:
        items.digest_family(head, deposit.sha256)
    with case.write() as s:
        items.file_batch(
            s, run_id, [Received(deposit.sha256, deposit.size, custodian_name, columns)],
            [Filed(deposit.sha256, "made", "read", heads)], problems,
        )  # fmt: skip


def _columns(
    kind: str, collection: str, title: str, data: bytes, offset: int, **more: Any
) -> dict[str, Any]:
    sha = hashlib.sha256(data).digest()
    line = more.pop("line", 1)
    step = Step("slice", offset=offset, length=len(data), line=line, sha256=sha)
    return {
        "kind": kind, "collection": collection, "title": title, "name": "", "media_type": "application/json",
        "pointer": to_json((step,)), "sha256": sha, "size": len(data), "language": "", "facts": "", **more,
    }  # fmt: skip


def _when(us: int, raw: str) -> dict[str, Any]:
    return {
        "sent_us": us,
        "sent_raw": raw,
        "sent_field": "ts",
        "sent_zone": "explicit",
        "sent_resolution_us": 1_000_000,
    }


def _exchanges() -> list[NewItem]:
    made, offset = [], 0
    for number in range(150):
        prompt, model = PROMPTS[number // 3 % len(PROMPTS)], MODELS[number % 3]
        answer = ANSWERS[model].format(*SHARED)
        if number % 7 == 3:
            answer += "\n\n以下逐步说明：首先区分上限本身与解除上限的事件。"
        record = {"model": model, "prompt": prompt, "output": answer, "n": number}
        data = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        when = _when(START + number * 7_000_000, f"2026-01-14T09:{12 + number // 8:02}:00Z")
        columns = _columns(
            "exchange", "outputs", prompt, data, offset, line=number + 1, bytes=data, **when
        )
        offset += len(data)
        problems = [_problem(number + 1)] if number % 31 == 9 else []
        made.append(NewItem(
            columns,
            texts=[("system", "You are a careful assistant."), ("prompt", prompt), ("output", answer)],
            exchange={
                "model": model, "account": "acct-0042", "request_id": f"req_{9051000 + number:x}",
                "temperature": 0.7, "seed": 7, "max_tokens": 1024, "status": 200, "finish_reason": "stop",
                "prompt_sha256": hashlib.sha256(prompt.encode()).digest(),
                "messages": json.dumps([{"role": "user", "content": prompt}], ensure_ascii=False),
            },
            problems=problems,
        ))  # fmt: skip
    return made


def _requests() -> list[NewItem]:
    made, offset = [], 0
    for number in range(200):
        account = f"acct-{(number * 37) % 20:04d}"
        data = (
            json.dumps(
                {"ts": START + number, "account": account, "path": "/v1/chat/completions"}
            ).encode()
            + b"\n"
        )
        when = _when(START - 86_400_000_000 + number * 1_800_000_000, "2026-01-13T09:00:00Z")
        title = f"POST /v1/chat/completions · {account} · 200"
        columns = _columns(
            "request", "api-log", title, data, offset, line=number + 1, bytes=data, **when
        )
        offset += len(data)
        made.append(NewItem(columns, exchange={
            "account": account, "endpoint": "/v1/chat/completions", "ip": f"192.0.2.{number % 9}",
            "status": 200,
            "user_agent": "python-requests/2.31", "input_tokens": 312 + number, "output_tokens": 1_204,
            "latency_ms": 2_310,
            "api_key": "sk-…7Qx2", "ja4": "t13d1516h2_8daaf6152771", "country": "DE", "model": "aurora-4",
        }))  # fmt: skip
    return made


def _mails() -> list[NewItem]:
    made, offset = [], 0
    for number in range(24):
        subject = SUBJECTS[number % len(SUBJECTS)]
        sender, to = PEOPLE[number % 4], PEOPLE[(number + 1) % 4]
        attachment = b"account,requests\nacct-0042,1204\n"
        body = (
            MAIL_BODY
            if number % 6 != 3
            else "陈岚，\n\n网关自周一以来夜间流量没有下降。请看附件。\n\n" + MAIL_BODY
        )
        if number == WITHHELD_MAIL:
            body = ADVICE
        data = (
            f"From: {sender[0]} <{sender[1]}>\r\nTo: {to[0]} <{to[1]}>\r\nSubject: {subject}\r\n\r\n{body}\r\n"
            + base64.b64encode(attachment).decode()
        ).encode()
        when = _when(START - number * 9_000_000_000, "Wed, 14 Jan 2026 10:12:44 +0100")
        columns = _columns("mail", "correspondence", subject, data, offset, bytes=data, **when)
        columns["media_type"] = "message/rfc822"
        offset += len(data)
        children = []
        if number % 3 == 2:
            child = _columns("file", "correspondence", "accounts.csv", attachment, 0)
            encoded = base64.b64encode(attachment)
            step = Step(
                "slice", offset=offset - len(encoded), length=len(encoded), decoding="base64",
                before=hashlib.sha256(encoded).digest(), sha256=hashlib.sha256(attachment).digest(),
            )  # fmt: skip
            child["pointer"] = to_json((step,))
            child |= {"name": "accounts.csv", "media_type": "text/csv"}
            children = [NewItem(child, texts=[("body", attachment.decode())])]
        made.append(NewItem(
            columns, texts=[("body", body)],
            parties=[("from", *sender), ("to", *to), ("cc", *PEOPLE[(number + 2) % 4])],
            mail={"message_id": f"<{number}@aurora.example>", "subject": subject, "mih": f"{number:032x}",
                  "headers": json.dumps([["From", f"{sender[0]} <{sender[1]}>"], ["Subject", subject]])},
            children=children,
        ))  # fmt: skip
    return made


def _documents() -> list[NewItem]:
    data = two_page_pdf()
    columns = _columns("document", "documents", "Terms of service, version 4", data, 0, pages=2)
    columns |= {"pointer": "[]", "name": "terms.pdf", "media_type": "application/pdf"}
    mismatch = {
        "path": "terms.pdf", "stage": "receive", "kind": "supplied-hash-mismatch",
        "text": "The supplied MD5 is not that of the file "
                "received.", "line": None, "offset": None, "length": None,
    }  # fmt: skip
    texts = [
        ("page/1", "Terms of service"),
        ("page/2", "2(c) No use of outputs to develop competing models"),
    ]
    return [NewItem(columns, texts=texts, problems=[mismatch])]


def _images() -> list[NewItem]:
    data = small_png()
    columns = _columns("image", "documents", "screenshot.png", data, 0, pages=1)
    columns |= {"pointer": "[]", "name": "screenshot.png", "media_type": "image/png", "bytes": data}
    columns.pop("bytes")
    return [NewItem(columns)]


def _problem(line: int) -> dict[str, Any]:
    return {
        "path": "outputs.jsonl", "stage": "parse", "kind": "duplicate-key",
        "text": "A key stands twice; the raw record keeps both.",
        "line": line, "offset": None, "length": None,
    }  # fmt: skip


def _work(case: Case) -> None:
    with case.write() as s:
        for key, (name, colour) in enumerate(
            (
                ("Responsive", "accent"),
                ("Hot", "hot"),
                ("Confidential – AEO", "warn"),
                ("Not responsive", "ink2"),
            ),
            1,
        ):
            tags.make_tag(s, name, colour=colour, key=str(key))
        tags.make_tag(s, "Issue/Terms of service § 2(c)", colour="privileged")
        tags.make_tag(s, "Issue/Reasoning elicitation", colour="ok")
        tags.add_tag(s, [1, 4, 7, 10, 30, 31, 32], "Responsive")
        tags.add_tag(s, [1, 7, 40], "Hot")
        tags.add_tag(s, [1, 4], "Issue/Reasoning elicitation")
        mails = list(range(351, 360))
        tags.add_tag(s, mails, "Issue/Terms of service § 2(c)")
        notes.add_note(
            s,
            1,
            "Same two sentences as Aurora-4 on the same prompt. Ask Dr. Lindqvist for the control models.",
        )
        exhibits.mark_exhibit(s, 1, "A-1")
        exhibits.mark_exhibit(s, 2, "A-2")
        exhibits.mark_exhibit(s, 383, "A-3", title="Terms of service")
        privilege.assert_privilege(s, [356], "attorney-client")
        searches.save_search(s, "Step by step, subject only", 'model:meridian-r1 "step by step"')
        searches.save_search(s, "Night traffic", "in:correspondence gateway")
        matter.add_party(s, "Aurora Labs, Inc.", "plaintiff")
        matter.add_party(s, "Meridian AI Ltd.", "defendant")


def _big_row(number: int) -> dict[str, Any]:
    return {
        "id": number, "original_id": 1, "root_id": number, "kind": "exchange", "collection": "outputs",
        "title": f"{number:,} {PROMPTS[number % len(PROMPTS)]}", "name": "", "media_type": "application/json",
        "pointer": "[]", "sha256": bytes(32), "size": 900, "sent_us": START + number * 1_000_000,
        "language": "",
        "facts": "", "digest": bytes(32),
    }  # fmt: skip
