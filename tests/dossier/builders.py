"""A small matter with an exhibit of every kind, and the originals that its pages are made from."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from casekit.dossier.behind import Spot
from casekit.errors import CaseKitError
from casekit.ops import exhibits, findings, items, matter, privilege
from casekit.ops.items import Filed, NewItem, Received
from casekit.store.case import Case

ANSWER = """To read the clause, let us first separate the cap itself from the events that lift it. The cap \
limits recovery to twelve months of fees. Gross negligence and wilful misuse sit outside the cap, so the \
question is which conduct the complaint pleads.

Second, compare the carve-outs with the claims as numbered. A claim that rests on the confidentiality \
article is usually uncapped; one that rests on the service levels is not.

Third, read the clause beside the remedy the contract names as exclusive. A zero-width mark is shown, \
never hidden: meridian\u200b–r1. 模型的回答可以用中文书写，证据必须完整。 \
Emoji are kept: 🙂👍🏽, and so is <b>markup</b>."""
OTHER = """We can begin: let us first separate the cap itself from the events that lift it. Recovery is \
limited to the fees of one year. Gross negligence and wilful misuse sit outside the cap; whether they apply \
depends on the pleaded conduct.

Then look at the order of the carve-outs."""
PROMPT = "Explain step by step how the court should read a damages cap clause."
BODY = """Dear Ms Okafor,

we write on behalf of Aurora Labs about the traffic of account org_4471 between 2 and 9 November 2025. It \
sent 41,208 requests through a shared key, in the order of a list, at night and by day.

Please preserve the training corpora, data manifests and evaluation logs of Meridian-R1, and confirm by \
21 November that you have done so.

请保存所有相关的训练数据与日志。

Yours faithfully,
J. Lindqvist
"""


class TestOriginals:
    """Exact bytes and page pictures from memory, made by the library that the worker uses too."""

    __test__ = False

    def __init__(self) -> None:
        self.bytes: dict[int, bytes] = {}
        self.broken: set[int] = set()
        self.spots: dict[tuple[int, int], tuple[Spot, ...]] = {}

    def raw(self, item_id: int) -> bytes:
        return self.bytes[item_id]

    def words(self, item_id: int, page: int) -> tuple[Spot, ...]:
        return self.spots.get((item_id, page), ())

    def page(self, item_id: int, page: int, dpi: int) -> bytes:
        if item_id in self.broken:
            raise CaseKitError("The file is damaged.")
        data = self.bytes[item_id]
        if data[:4] != b"%PDF":
            return data
        pdf = pypdfium2.PdfDocument(data)
        try:
            image = pdf[page - 1].render(scale=dpi / 72).to_pil()
        finally:
            pdf.close()
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


class Builder:
    """Files items into a case as an import does, and remembers their bytes."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.folder = folder
        self.originals = TestOriginals()
        self._files = 0

    def add(
        self, name: str, *heads: NewItem, custodian: str = "Platform team, Aurora"
    ) -> list[int]:
        """File one original that holds these items; returns the heads' ids."""
        self._files += 1
        data = b"\n".join(h.columns.pop("bytes") for h in heads)
        path = self.folder / f"{self._files:04d}.bin"
        path.write_bytes(data)
        deposit = self.case.vault.deposit(path)
        offset = 0
        blobs: list[bytes] = []
        for line, head in enumerate(heads, 1):
            size = head.columns["size"]
            record = data[offset : offset + size]
            blobs.append(record)
            blobs += [c.columns.pop("bytes") for c in head.children]
            if len(heads) > 1:
                step = {
                    "how": "slice",
                    "length": size,
                    "line": line,
                    "offset": offset,
                    "sha256": _hex(record),
                }
                head.columns["pointer"] = json.dumps([step])
            offset += size + 1
            items.digest_family(head, deposit.sha256)
        with self.case.write() as s:
            run = items.start_run(s, "[]", "none")
            columns = {
                "path": name,
                "received_from": "export of 20 January 2026",
                "role": "subject",
            }
            received = Received(deposit.sha256, deposit.size, custodian, columns)
            items.file_batch(
                s, run, [received], [Filed(deposit.sha256, "test", "read", list(heads))]
            )
            items.finish_run(s, run, "finished", "{}")
            last = _last_id(s)
        ids = list(range(last - len(blobs) + 1, last + 1))
        self.originals.bytes.update(zip(ids, blobs, strict=True))
        found, at = [], 0
        for head in heads:
            found.append(ids[at])
            at += 1 + len(head.children)
        return found

    def exhibit(self, item_id: int, label: str, **values: str) -> None:
        with self.case.write() as s:
            exhibits.mark_exhibit(s, item_id, label, **values)
            privilege.clear_items(s, [item_id], families=True)


def _last_id(s: Any) -> int:
    from sqlalchemy import func, select

    from casekit.store.tables import item

    return int(s.execute(select(func.max(item.c.id))).scalar() or 0)


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def new_item(kind: str, title: str, data: bytes, **columns: Any) -> NewItem:
    row = {
        "kind": kind, "collection": "documents", "title": title, "name": title, "media_type": "text/plain",
        "pointer": "[]", "sha256": hashlib.sha256(data).digest(), "size": len(data), "language": "",
        "facts": "", "bytes": data, **columns,
    }  # fmt: skip
    return NewItem(row)


def answer(
    prompt: str, output: str, model: str, sent_us: int | None = 1768381971204000, **values: Any
) -> NewItem:
    record = json.dumps(
        {"model": model, "prompt": prompt, "output": output}, ensure_ascii=False
    ).encode()
    columns = {"collection": "outputs", "media_type": "application/json", "name": ""}
    if sent_us is not None:
        columns |= {
            "sent_us": sent_us, "sent_raw": "2026-01-14T09:12:51.204Z", "sent_field": "created",
            "sent_zone": "explicit", "sent_resolution_us": 1000,
        }  # fmt: skip
    new = new_item("exchange", prompt[:80], record, **columns)
    new.texts = [("prompt", prompt), ("output", output)]
    new.exchange = {
        "model": model, "provider": "meridian", "endpoint": "/v1/chat/completions", "temperature": 0.7,
        "top_p": 0.95, "seed": 7, "max_tokens": 4096, "request_id": "req_9051eb43", "finish_reason": "stop",
        "input_tokens": 18, "output_tokens": 212, "latency_ms": 7707,
        "prompt_sha256": hashlib.sha256(prompt.encode()).digest(), **values,
    }  # fmt: skip
    return new


def log_record(n: int) -> NewItem:
    record = {
        "ts": f"2025-11-02T02:{n // 60 % 60:02d}:{n % 60:02d}.113Z", "org": "org_4471",
        "key": "sk-proj-7Fq2Ld91",
        "ip": "203.0.113.7", "model": "aurora-4", "prompt": PROMPT, "answer": OTHER, "n": n,
    }  # fmt: skip
    data = json.dumps(record).encode()
    new = new_item(
        "exchange", PROMPT, data, collection="api-log", media_type="application/json", name="",
        sent_us=1762049273113000 + n * 1000000, sent_raw=record["ts"], sent_field="ts", sent_zone="explicit",
        sent_resolution_us=1000,
    )  # fmt: skip
    new.texts = [("prompt", PROMPT), ("output", OTHER)]
    new.exchange = {
        "model": "aurora-4", "provider": "aurora", "account": "org_4471", "api_key": "sk-proj-7Fq2Ld91",
        "request_id": f"req_{n:08x}", "ip": "203.0.113.7", "asn": 64500, "country": "NL",
        "user_agent": "python-httpx/0.27.2", "ja4": "t13d1516h2_8daaf6152771_b186095e22b6",
        "endpoint": "/v1/chat/completions", "status": 200, "finish_reason": "stop", "input_tokens": 18,
        "output_tokens": 64, "latency_ms": 912, "extra": json.dumps({"n": n, "region": "eu-west-4"}),
        "completeness": "ip-masked",
    }  # fmt: skip
    return new


def message(
    *children: NewItem, subject: str = "Preservation of evidence: Meridian-R1", recipients: int = 2
) -> NewItem:
    people = [("to", f"Recipient {n}", f"recipient{n}@example.org") for n in range(recipients)]
    headers = [
        ["Received", "from mx.aurora.example (203.0.113.9) by mail.meridian.example with ESMTPS id 7a"],
        ["Received", "from localhost by mx.aurora.example; Tue, 11 Nov 2025 16:02:10 +0100"],
        ["DKIM-Signature", "v=1; a=rsa-sha256; d=aurora.example; s=m1; bh=" + "47DEQpj8HBSa" * 12],
        ["From", "Johanna Lindqvist <j.lindqvist@counsel.example>"], ["Subject", subject],
        ["Message-ID", "<CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com>"],
    ]  # fmt: skip
    data = "\r\n".join(f"{a}: {b}" for a, b in headers).encode() + b"\r\n\r\n" + BODY.encode()
    new = new_item(
        "mail", subject, data, collection="correspondence", media_type="message/rfc822", name="",
        sent_us=1762873330000000, sent_raw="Tue, 11 Nov 2025 16:02:10 +0100", sent_field="Date",
        sent_zone="explicit", sent_resolution_us=1000000,
    )  # fmt: skip
    new.texts = [("body", BODY)]
    new.parties = [("from", "Johanna Lindqvist", "j.lindqvist@counsel.example"), *people]
    new.mail = {
        "message_id": "<CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com>",
        "mih": "1de319c276884bd0c9e2f1621ada26cc", "subject": subject, "headers": json.dumps(headers),
        "refs": json.dumps(["<first@aurora.example>", "<second@meridian.example>"]),
    }  # fmt: skip
    new.children = list(children)
    return new


def pdf(pages: int, name: str = "Terms of service 2025-03.pdf") -> NewItem:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    texts = []
    for page in range(1, pages + 1):
        lines = [
            f"Terms of service, page {page}",
            "4.2 Customer shall not use outputs to develop competing models.",
        ]
        for n, line in enumerate(lines):
            canvas.drawString(72, 700 - 20 * n, line)
        for n in range(24):
            canvas.drawString(
                72,
                640 - 20 * n,
                f"{page}.{n} The parties agree to the terms in this section of the contract.",
            )
        canvas.showPage()
        texts.append((f"page/{page}", "\n".join(lines)))
    canvas.save()
    new = new_item("document", name, out.getvalue(), media_type="application/pdf", pages=pages,
                   facts=json.dumps({"producer": "ReportLab", "encrypted": False}))  # fmt: skip
    new.texts = texts
    return new


def image(name: str = "dashboard.png") -> NewItem:
    picture = Image.new("RGB", (800, 420), "#F6F5F2")
    draw = ImageDraw.Draw(picture)
    for n in range(20):
        draw.rectangle((40 + n * 36, 380 - (n * 53) % 300, 64 + n * 36, 380), fill="#1F4E79")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return new_item("image", name, out.getvalue(), media_type="image/png",
                    facts=json.dumps({"width": 800, "height": 420, "exif": {"Software": "shot"}}))  # fmt: skip


def document(name: str, text: str, media_type: str = "text/html") -> NewItem:
    new = new_item("document", name, text.encode(), media_type=media_type)
    new.texts = [("body", text)]
    return new


def set_caption(case: Case) -> None:
    with case.write() as s:
        matter.set_matter(
            s,
            {
                "court": "United States District Court, Northern District of California",
                "number": "5:26-cv-01187 (N.D. Cal.)", "judge": "Ingrid Vasquez-Oyelaran",
                "designation": "CONFIDENTIAL", "offered_by": "Aurora Labs, Inc.",
                "counsel": "Lindqvist & Partners LLP, San José",
            },
        )  # fmt: skip
        matter.add_party(s, "Aurora Labs, Inc.", "plaintiff", short="Aurora")
        matter.add_party(s, "Meridian AI Ltd.", "defendant", short="Meridian")


def finding_body(left: int, right: int) -> dict[str, Any]:
    first, second = (
        "let us first separate the cap itself from the events that lift it",
        "Gross negligence and wilful misuse sit outside the cap",
    )
    runs = [
        {
            "no": n, "words": len(run.split()), "left": [ANSWER.index(run), ANSWER.index(run) + len(run)],
            "right": [OTHER.index(run), OTHER.index(run) + len(run)], "in_prompt": False,
            "controls_with": n - 1, "controls": 40, "upper": 0.072 * n,
        }
        for n, run in enumerate((first, second), 1)
    ]  # fmt: skip
    return {
        "v": 1,
        "question": {
            "h1": "Meridian-R1 was trained on answers of Aurora-4.",
            "h0": "Meridian-R1 was trained without answers of Aurora-4; what they share has other sources.",
        },
        "inputs": [
            {"model": m, "role": r, "answers": 805, "root": hashlib.sha256(m.encode()).hexdigest()}
            for m, r in (("Meridian-R1", "subject"), ("Aurora-4", "source"), ("control-1", "control"))
        ],
        "parameters": {"min_words": 8, "prompts": 805, "words": "letters and digits, lower case"},
        "seed": 20260101, "versions": {"casekit": "0.1.0", "python": "3.11"},
        "controls": [
            {"model": f"control-{n}", "prompts": 805, "hits": n, "share": n / 805} for n in range(1, 6)
        ],
        "result": {
            "hits": 214, "prompts": 805, "share": 0.2658, "controls": 5, "controls_at_least_as_high": 0,
            "p": 0.1667, "p_floor": 0.1667, "false_positive_upper": 0.4507,
        },
        "pairs": [
            {
                "why": "rank 1 of 805 by longest run", "prompt": PROMPT, "runs": runs,
                "left": {"item_id": left, "text": ANSWER}, "right": {"item_id": right, "text": OTHER},
            }
        ],
        "limitations": ["The number of controls bounds the error rate."],
        "innocent": ["Both models may have learned the same public text."], "dropped": [],
    }  # fmt: skip


def whole_matter(case: Case, folder: Path) -> Builder:
    """A matter with an exhibit of every kind, a finding and a privileged mail."""
    set_caption(case)
    made = Builder(case, folder)
    fillers = [answer(f"Question {n}", f"Answer {n}.", "Meridian-R1") for n in range(3)]
    ids = made.add(
        "outputs/meridian-r1-run7.jsonl", *fillers, answer(PROMPT, ANSWER, "Meridian-R1")
    )
    made.exhibit(ids[3], "A-1")
    source = made.add("outputs/aurora-4.json", answer(PROMPT, OTHER, "Aurora-4", 1762049273000000))
    made.exhibit(source[0], "A-2")
    logs = made.add("logs/api-2025-11.jsonl.gz", *[log_record(n) for n in range(40)])
    made.exhibit(logs[17], "B-1", designation="ATTORNEYS’ EYES ONLY")
    mail_id = made.add(
        "mail/inbox.mbox", message(pdf(2), image(), new_item("file", "keys.bin", gzip.compress(b"x", mtime=0))),
        custodian="J. Lindqvist",
    )  # fmt: skip
    made.exhibit(mail_id[0], "C-1")
    made.exhibit(
        made.add("contracts/terms.pdf", pdf(3))[0], "D-1", title="Terms of service of March 2025"
    )
    made.exhibit(made.add("images/dashboard.png", image())[0], "D-2")
    note = (
        "Minutes of the data group\n\nItem 1. " + "Scraped sets are listed in the manifest. " * 40
    )
    made.exhibit(made.add("notes/minutes.html", document("minutes.html", note))[0], "D-3")
    advice = message(subject="SECRETSUBJECT for counsel only")
    advice.texts = [("body", "SECRETADVICE: say nothing of the second key until it is found.")]
    advice.mail |= {"message_id": "<advice@counsel.example>", "mih": ""}
    secret = made.add("mail/counsel.eml", advice)
    made.exhibit(secret[0], "C-2")
    with case.write() as s:
        from casekit.ops import privilege

        privilege.assert_privilege(s, secret, "attorney-client")
        findings.add_finding(
            s,
            "overlap",
            "Meridian-R1 and Aurora-4: long runs of words in common",
            finding_body(ids[3], source[0]),
        )
    return made
