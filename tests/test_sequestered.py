"""What is sequestered is told by no command, no search and no export, and comes back whole when released."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import click
import numpy as np
import pytest

from casekit.cli import COMMANDS, group, run
from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import clawback as job
from casekit.jobs import dossier
from casekit.jobs.verify import verify
from casekit.ops import annotations as passages
from casekit.ops import (
    claims,
    coding,
    events,
    exhibits,
    facts,
    findings,
    notes,
    redactions,
    reviews,
    tags,
    templates,
)
from casekit.ops.clawback import Notice
from casekit.ops.journal import Act
from casekit.progress import Silent
from casekit.queries import conflicts, items, sequestered
from casekit.queries.conflicts import PrivilegeConflict
from casekit.queries.templates import Code
from casekit.search import index_pending, near, search, similar
from casekit.store import sidecar
from casekit.store.case import Case
from casekit.ui import xlsx
from tests.builders import decide_all
from tests.dossier.builders import finding_body

SECRET = "zanzibarquokka"
MAIL = (
    b"From: Quillfeather <quill@them.example>\nTo: b@x.example\nSubject: zanzibarquokka plan\n"
    b"Message-ID: <s@x>\nDate: Mon, 2 Feb 2026 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=b\n\n"
    b"--b\nContent-Type: text/plain\n\nThe zanzibarquokka plan is to settle quietly before the harbour audit "
    b"and to tell nobody of the reserve.\n--b\nContent-Type: text/plain; name=zanzibarquokka.txt\n"
    b"Content-Disposition: attachment; filename=zanzibarquokka.txt\n\nzanzibarquokka reserve list\n--b--\n"
)
QUOTING = (
    b"From: b@x.example\nTo: c@x.example\nSubject: Fwd: plan\nMessage-ID: <q@x>\nReferences: <s@x>\n"
    b"Date: Mon, 2 Feb 2026 11:00:00 +0000\n\nSee below.\n\n> The zanzibarquokka plan is to settle quietly "
    b"before the harbour audit\n> and to tell nobody of the reserve.\n"
)
HELD = (1, 2, 3)  # the mail, its attachment, and a copy of the mail
ASKED: dict[str, list[str]] = {
    "items": ["{case}"], "item": ["{case}", "1"], "search": ["{case}", SECRET], "joins": ["{case}"],
    "similar": ["{case}", "1"], "clusters": ["{case}"],
    "conversations": ["{case}"], "conversation": ["{case}", "1"],
    "tag": ["{case}"], "note": ["{case}", "1", "x"], "privilege": ["{case}", "--undecided"],
    "highlight": ["{case}"], "annotation": ["{case}"],
    "redact": ["{case}"], "times": ["{case}"], "exhibit": ["{case}"], "finding": ["{case}"],
    "timeline": ["{case}"],
    "problems": ["{case}", "--bytes", "400"], "report": ["{case}"], "productions": ["{case}"],
    "clawback": ["{case}"], "matter": ["{case}"], "verify": ["{case}"], "index": ["{case}"],
    "dossier": ["{case}", "{out}/d.pdf"], "companion": ["{case}", "index", "{out}/i.docx"],
    "produce": ["{case}", "{out}", "--query", "*", "--preview"], "retry": ["{case}"], "ocr": ["{case}"],
    "pseudonym": ["{case}"], "check": ["{case}"], "translation": ["{case}"], "checkpoint": ["{case}"],
    "provenance": ["{case}", "{out}/p.jsonld"], "issued": ["{case}"], "spec": ["{case}"], "overlay": [],
    "tiers": ["{case}"], "tier": ["{case}"], "fact": ["{case}"], "claim": ["{case}"],
    "terms": ["{case}"], "overview": ["{case}"], "people": ["{case}"],
    "coding": ["{case}", "show", "1"], "canary": ["{case}"], "collect": ["{case}"],
    "review": ["{case}", "show", "all"],
    "undo": [], "sign": [], "demo": [], "new": [], "open": [], "ingest": [], "mapping": [],
}  # fmt: skip
"""Every command, asked as it would tell of items; those with nothing here tell of none."""


@pytest.fixture
def held(case: Case, tmp_path: Path) -> Case:
    """A mail with a file (1, 2) and its copy (3, 4) sequestered; a mail that quotes it (5), a note (6)."""
    for name, data in (("quillfeather.eml", MAIL), ("b.eml", MAIL + b"\n"), ("c.eml", QUOTING)):
        (tmp_path / name).write_bytes(data)
        ingest(case, [tmp_path / name])
    (tmp_path / "note.txt").write_text("An open note on lunch.")
    ingest(case, [tmp_path / "note.txt"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "Z-1", title=f"{SECRET} exhibit")
        exhibits.mark_exhibit(s, 6, "A-1")
        tags.add_tag(s, [1], "hot")
        notes.add_note(s, 1, f"{SECRET} note")
        templates.take_usual(s)
        coding.code(s, [1], [Code("remark", f"{SECRET} remark")])
        passages.annotate(s, 1, "body", 4, 18, text=f"{SECRET} passage")
        events.add_event(s, f"{SECRET} plan sent", "2026-02-02", item_id=1)
        redactions.redact(s, [(1, "body", 4, 18)], "privacy")
        findings.add_finding(s, "overlap", "Runs", finding_body(1, 6))
        claims.add_claim(s, kind="terms")
        place = facts.NewCite(1, "body", 4, 18)
        facts.add_fact(
            s, f"The {SECRET} plan", people=["Quillfeather"], cites=[place], elements=[1]
        )
        reviews.make_set(s, "all", range(1, 7), query="*")
        reviews.mark_done(s, 1, [1])
        conflict = Act(s, "review.merge", "Merged")
        reviews.add_conflict(conflict, 1, 1, f"tag:{SECRET}", ("yes", "A"), (None, "B"))
        conflict.record()
    decide_all(case)
    index_pending(case, Silent(), vectors=False)
    near.group(case)
    job.receive(case, Notice("Meridian", ["item 1", "item 3"], reference="letter of 3 March"))
    return case


def told(case: Case, out: Path, command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """All that a command prints, as text and as JSON where it has that."""
    asked = [each.format(case=case.folder, out=out) for each in ASKED[command]]
    found = ""
    found_command = group.get_command(click.Context(group), command)
    assert found_command is not None
    params = [*found_command.params]
    if isinstance(found_command, click.Group) and "items" in found_command.commands:
        params += found_command.commands[
            "items"
        ].params  # what it does where no subcommand is named
    json_too = any("--json" in p.opts for p in params)
    for arguments in ([command, *asked], [command, *asked, "--json"] if json_too else []):
        if arguments:
            capsys.readouterr()
            run(arguments)
            printed = capsys.readouterr()
            found += printed.out + printed.err
    return found


def test_every_command_is_asked() -> None:
    assert ASKED.keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", [name for name, asked in ASKED.items() if asked])
def test_no_command_tells_of_it(
    held: Case, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    said = told(held, tmp_path / "out", command, capsys).lower()
    asked_itself = f"“{SECRET}”" if command == "search" else ""
    assert SECRET not in said.replace(asked_itself, "")
    assert "quillfeather" not in said
    if command in ("item", "similar", "note", "coding"):
        assert "sequestered" in said
        assert "meridian (letter of 3 march)" in said
    made = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert SECRET.encode() not in made


def test_no_report_on_terms_counts_it(
    held: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "terms.txt").write_text(f"{SECRET}\nquillfeather\nlunch")
    run(["search", "report", str(held.folder), str(tmp_path / "terms.txt")])
    counts = [line.split()[:3] for line in capsys.readouterr().out.splitlines()[1:]]
    assert counts == [["1"] * 3, ["0"] * 3, ["1"] * 3, ["2", "2", "any"]]


def test_no_facet_counts_it(held: Case, capsys: pytest.CaptureFixture[str]) -> None:
    run(["search", "facets", str(held.folder)])
    run(["search", "complete", str(held.folder), "from:"])
    told = capsys.readouterr().out.lower()
    assert "mail" in told
    assert SECRET not in told
    assert "exhibit" in told


def test_searches_counts_and_rows_know_nothing_of_it(held: Case) -> None:
    assert (
        search(held, SECRET).total == search(held, f"{SECRET}*", order="rank").total == 1
    )  # the quoting one
    assert [hit.id for hit in search(held, SECRET, order="rank").hits] == [5]
    assert search(held, f"-{SECRET}").total == 1
    with held.read() as s:
        assert items.count(s) == 2
        assert [row.id for row in items.rows(s, range(1, 7))] == [5, 6]
        for item_id in (1, 2, 3, 4):
            with pytest.raises(sequestered.Sequestered, match=f"Item {item_id} is sequestered"):
                items.view(s, item_id)


def test_what_quotes_it_stops_an_export_and_an_exhibit_of_it_is_told_to_be_left_out(
    held: Case, tmp_path: Path
) -> None:
    with held.read() as s:
        found = conflicts.conflicts(s)
        assert {c.item_id for c in found} == {5}
        assert {c.withheld_id for c in found} <= {1, 2, 3, 4}
    with pytest.raises(PrivilegeConflict):
        xlsx.write_list(held, np.array([5, 6]), tmp_path / "l.xlsx", Silent())
    assert xlsx.write_list(held, np.array([1, 2, 6]), tmp_path / "l.xlsx", Silent()) == 1
    with zipfile.ZipFile(io.BytesIO((tmp_path / "l.xlsx").read_bytes())) as book:
        assert not any(SECRET.encode() in book.read(name) for name in book.namelist())
    made = dossier.write(held, DossierSpec(), tmp_path / "d.pdf")
    assert made.exhibits == 1
    assert any("Z-1 is left out" in problem for problem in made.problems)
    with pytest.raises(CaseKitError, match="Z-1 is sequestered"):
        dossier.write(held, DossierSpec(exhibits=("Z-1",)), tmp_path / "e.pdf")
    with held.write() as s, pytest.raises(CaseKitError, match="Item 1 is sequestered"):
        exhibits.mark_exhibit(s, 1, "Z-2")


def test_nothing_is_lost_by_it(held: Case, tmp_path: Path) -> None:
    assert verify(held).ok
    with pytest.raises(CaseKitError, match="who releases"):
        job.release(held, [1], "", "Order")
    ingest(held, [tmp_path / "c.eml"])  # what is derived at the end of an import stays whole
    with zipfile.ZipFile(tmp_path / "later.zip", "w") as box:
        box.writestr("again.eml", MAIL)
    ingest(held, [tmp_path / "later.zip"])  # a copy that comes later is hidden too
    with held.read() as s:
        assert items.count(s) == 2
    assert verify(held).ok
    job.release(held, [1, 3, 7], "R. Judge", "Order of 4 May, no privilege")
    assert verify(held).ok
    with held.read() as s:
        assert items.view(s, 1).row.tags == ("hot",)
        assert items.view(s, 1).row.exhibit == "Z-1"
        (row, *_) = sequestered.sequestered(s, released=True)
        assert (row.released_by, row.released_reason) == (
            "R. Judge",
            "Order of 4 May, no privilege",
        )
        assert sequestered.held(s) == set()
    assert search(held, SECRET).total == 5
    index_pending(held, Silent(), vectors=False)
    assert search(held, SECRET).total == 7


def test_what_is_near_in_meaning_does_not_name_it(case: Case, tmp_path: Path) -> None:
    pytest.importorskip("faiss")
    for n, text in enumerate(
        ("The cat sat on the warm mat.", "A cat lay on a warm mat.", "Taxes are due.")
    ):
        (tmp_path / f"{n}.txt").write_text(text)
        ingest(case, [tmp_path / f"{n}.txt"])
    index_pending(case, Silent())
    assert [hit.id for hit in similar(case, 1).hits] == [2, 3]
    job.receive(case, Notice("Them", ["1.txt"], reference="letter"))
    assert [hit.id for hit in similar(case, 1).hits] == [3]
    assert 2 not in [hit.id for hit in search(case, "cat on a mat", mode="meaning").hits]
    assert 2 not in [hit.id for hit in search(case, "cat", mode="both").hits]
    with pytest.raises(sequestered.Sequestered):
        similar(case, 2)


def test_the_tables_for_analytics_are_made_again_without_it(case: Case, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    (tmp_path / "m-1.jsonl").write_text(
        '{"prompt": "one", "output": "first"}\n{"prompt": "two", "output": "second"}\n'
    )
    ingest(case, [tmp_path / "m-1.jsonl"])

    def ids() -> list[int]:
        return [
            i
            for part in sidecar.parts(case)
            for i in pq.read_table(part.path)["item_id"].to_pylist()
        ]

    assert ids() == [1, 2]
    job.receive(case, Notice("Them", ["item 2"], reference="letter"))
    assert ids() == [1]
    job.release(case, [2], "A", "B")
    assert ids() == [1, 2]
