"""Writes the golden case of this version: a small case that every later version must open and verify.

    python packaging/make_golden.py tests/golden/v1

Run it once a format version, never again for the same one: a golden case is what was written then.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("CASEKIT_HOME", tempfile.mkdtemp(prefix="casekit-golden-"))
os.environ.setdefault("CASEKIT_EXAMINER", "Golden Examiner")

from casekit.ingest import Provenance, ingest
from casekit.ops import exhibits, findings, journal, matter, notes, privilege, searches, tags
from casekit.queries import items
from casekit.queries.records import records
from casekit.store import migrate
from casekit.store.case import Case, create_case

SAMPLE = Path(__file__).resolve().parent.parent / "resources" / "sample"
MAILS = ("09-*.eml", "13-*.eml", "15-*.eml")


def evidence(folder: Path) -> None:
    """A few pieces of each kind, cut from the sample matter."""
    folder.mkdir()
    for pattern in MAILS:
        (mail,) = (SAMPLE / "correspondence" / "aurora-legal").glob(pattern)
        shutil.copy(mail, folder)
    lines = (SAMPLE / "model-outputs" / "meridian-r1.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "meridian-r1.jsonl").write_bytes(b"".join(lines[:5]) + b'{"cut": \n')
    for name in (
        "cease-and-desist-2026-02-10.pdf",
        "release-notes-aurora-4.html",
        "engineering-notes.txt",
    ):
        shutil.copy(SAMPLE / "documents" / name, folder)


def work(case: Case) -> None:
    """One act of every kind."""
    with case.write() as s:
        matter.set_matter(s, {"court": "N.D. Cal.", "number": "5:26-cv-01187"})
        matter.add_party(s, "Aurora Labs, Inc.", "plaintiff", short="Aurora")
        tags.make_tag(s, "hot", colour="hot", key="2")
        tags.add_tag(s, [1, 2, 3], "issue/terms")
        tags.remove_tag(s, [2], "issue/terms")
        notes.add_note(s, 1, "Read this first.")
        undone = notes.add_note(s, 2, "Taken back.")
        journal.undo(s, undone.act)
        searches.save_search(s, "Letters", "kind:mail")
        exhibits.mark_exhibit(s, 1, "A-1", title="The first")
        mails = [r.id for r in items.rows(s, items.item_ids(s)) if r.title.startswith("Privileged")]
        privilege.assert_privilege(s, mails, "attorney-client")
        findings.add_finding(s, "overlap", "Golden", {"v": 1, "result": {"share": 0.25}})


def main() -> None:
    """Write the case and what it holds."""
    target = Path(sys.argv[1])
    if target.with_name(target.name + ".casekit").exists():
        raise SystemExit(
            f"{target}.casekit is there already, and a golden case is never written twice"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        evidence(Path(place) / "evidence")
        with create_case(target, "Aurora v. Meridian") as case:
            supplied = {"15-yunqiao-question.eml": "sha256:" + "0" * 64}
            known = Provenance(custodian="Helen Marsh", role="other", supplied=supplied)
            ingest(case, [Path(place) / "evidence"], provenance=known)
            work(case)
            with case.read() as s:
                held = list(records(s, items.item_ids(s, order="id")))
            folder = case.folder
    with migrate.connect(folder / "case.db") as s:
        s.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        s.exec_driver_sql("VACUUM")
    for name in ("index", "derived", "waiting"):
        shutil.rmtree(folder / name)
    shutil.rmtree(folder / "vault" / "tmp")
    expected = target.with_name(target.name + ".items.json")
    expected.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(folder, sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()), "bytes")


if __name__ == "__main__":
    main()
