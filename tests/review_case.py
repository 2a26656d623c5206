"""A small case with a review set, and reviewers who code its packages elsewhere."""

from __future__ import annotations

from pathlib import Path

from casekit.ingest import ingest
from casekit.jobs.review_package import pack
from casekit.ops import reviews
from casekit.store.case import Case, open_case

MAIL = (
    "From: a@x.example\nTo: b@x.example\nSubject: Mail {n}\nMessage-ID: <{n}@x>\n"
    "Date: Mon, 2 Feb 2026 10:00:0{n} +0000\nContent-Type: multipart/mixed; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nText number {n}, of matter {n}.\n--b\nContent-Type: text/plain\n"
    "Content-Disposition: attachment; filename=f{n}.txt\n\nAttached to {n}\n--b--\n"
)


def fill(case: Case, folder: Path) -> Case:
    """Mails 1 and 3 with attachments 2 and 4 in files of their own, outputs 5 to 9 in one file; set “all”."""
    for n in (1, 2):
        (folder / f"{n}.eml").write_text(MAIL.format(n=n))
        ingest(case, [folder / f"{n}.eml"])
    lines = [f'{{"prompt": "Ask {n}", "output": "Answer {n}"}}' for n in range(5)]
    (folder / "model-1.jsonl").write_text("\n".join(lines) + "\n")
    ingest(case, [folder / "model-1.jsonl"])
    with case.write() as s:
        reviews.make_set(s, "all", range(1, 9), query="*", batch_size=4)
    return case


def packed(case: Case, folder: Path, name: str, reviewer: str, of: str = "all") -> Case:
    """Pack a set for a reviewer and open the package as that reviewer."""
    out = folder / f"{name}.casereview"
    pack(case, of, out, reviewer, privileged="with")
    package = open_case(out)
    package.actor = reviewer
    return package
