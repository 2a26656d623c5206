from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from casekit.dossier.spec import DossierSpec
from casekit.errors import CaseKitError
from casekit.ingest import ingest
from casekit.jobs import two_copies
from casekit.jobs.two_copies import write_two
from casekit.jobs.verify_dossier import verify_dossier
from casekit.ops import exhibits, redactions
from casekit.queries import exhibits as exhibit_queries
from casekit.store.case import Case
from casekit.store.tables import production
from tests.builders import decide_all


@pytest.fixture
def marked(case: Case, tmp_path: Path) -> Case:
    (tmp_path / "note.txt").write_bytes(b"What was seen by the xylophone player.")
    ingest(case, [tmp_path / "note.txt"])
    with case.write() as s:
        exhibits.mark_exhibit(s, 1, "A-1")
        redactions.redact(s, [(1, "body", 21, 30)], "privacy")
    decide_all(case)
    return case


def words_of(path: Path) -> str:
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def checked(path: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_both_copies_are_issued_under_one_number_and_name_each_other(
    marked: Case, tmp_path: Path
) -> None:
    head = marked.head()
    out, sealed = tmp_path / "d.pdf", tmp_path / "d-SEALED.pdf"
    write_two(marked, DossierSpec(), out, sealed)
    assert marked.head() == head
    for path in tmp_path.glob("d*"):
        path.unlink()
    made = write_two(marked, DossierSpec(), out, sealed, issue=True)
    with marked.read() as s:
        rows = list(s.execute(select(production).order_by(production.c.id)))
        assert exhibit_queries.exhibits(s)[0].bates_first.endswith("-0000001")
    assert [(r.kind, r.pdf_sha256.hex(), r.pages) for r in rows] == [
        ("dossier", made[0].sha256, made[0].pages), ("sealed", made[1].sha256, made[0].pages),
    ]  # fmt: skip
    told = [json.loads(one.manifest.read_bytes()) for one in made]
    assert told[0]["copy"] == {
        "kind": "public",
        "other": {"name": sealed.name, "sha256": made[1].sha256, "size": sealed.stat().st_size},
    }
    assert told[1]["copy"] == {
        "kind": "sealed",
        "other": {"name": out.name, "sha256": made[0].sha256, "size": out.stat().st_size},
    }
    assert "xylophone" not in rows[0].plan
    for one in made:
        assert checked(one.program)[0] == 0
        assert not verify_dossier(one.path).damaged
    sealed.write_bytes(sealed.read_bytes() + b"\n")
    code, said = checked(made[0].program)
    assert (code, "CHANGED d-SEALED.pdf is the sealed copy" in said) == (1, True)
    assert [d.what for d in verify_dossier(out).damaged] == [sealed.name]
    told[1] |= {"signature": {}}  # as signing leaves it: more bytes behind those issued
    told[1]["dossier"]["sha256"] = hashlib.sha256(sealed.read_bytes()).hexdigest()
    made[1].manifest.write_text(json.dumps(told[1]))
    assert checked(made[0].program)[0] == 0
    assert not verify_dossier(out).damaged


def test_neither_copy_stays_if_the_case_changed(
    marked: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = two_copies.render_pair

    def render_while_somebody_redacts(*arguments: object) -> object:
        with marked.write() as s:
            redactions.redact(s, [(1, "body", 0, 4)], "privacy")
        return render(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(two_copies, "render_pair", render_while_somebody_redacts)
    with pytest.raises(CaseKitError, match="redacted"):
        write_two(marked, DossierSpec(), tmp_path / "d.pdf", tmp_path / "d-SEALED.pdf", issue=True)
    assert list(tmp_path.glob("d*")) == []
    with marked.read() as s:
        assert s.execute(select(production.c.id)).first() is None


def test_a_sealed_copy_must_be_called_one(marked: Case, tmp_path: Path) -> None:
    with pytest.raises(CaseKitError, match=r"e-SEALED\.pdf"):
        write_two(marked, DossierSpec(), tmp_path / "d.pdf", tmp_path / "e.pdf")
    with pytest.raises(CaseKitError, match="different names"):
        write_two(marked, DossierSpec(), tmp_path / "sealed.pdf", tmp_path / "sealed.pdf")
    assert list(tmp_path.glob("[de]*.pdf")) == []


def test_two_copies_in_parts_are_cut_at_the_same_pages(marked: Case, tmp_path: Path) -> None:
    for no in (2, 3):
        Image.effect_noise((500, 500), 90 + no).save(tmp_path / f"noise{no}.png")
        ingest(marked, [tmp_path / f"noise{no}.png"])
    with marked.write() as s:
        for no in (2, 3):
            exhibits.mark_exhibit(s, no, f"A-{no}")
    decide_all(marked)
    spec = DossierSpec(limit_mb=0.5)
    out, sealed = tmp_path / "d.pdf", tmp_path / "d-SEALED.pdf"
    made = write_two(marked, spec, out, sealed, issue=True)
    count = len(made[0].parts)
    assert count > 1
    assert [p.name for p in made[1].parts] == [
        f"d-SEALED-part-{n}-of-{count}.pdf" for n in range(1, count + 1)
    ]
    told = [json.loads(one.manifest.read_bytes()) for one in made]
    spans = [[(p["first"], p["last"]) for p in each["parts"]] for each in told]
    assert spans[0] == spans[1]
    for mine, other in ((told[0], told[1]), (told[1], told[0])):
        named = mine["copy"]["other"]
        assert [p["name"] for p in named["parts"]] == [p["name"] for p in other["parts"]]
        assert named["sha256"] == other["dossier"]["sha256"]
    texts = [[words_of(path) for path in one.parts] for one in made]
    assert "xylophone" not in " ".join(texts[0])
    assert sum("xylophone" in text for text in texts[1]) == 1
    for one in made:
        assert all(path.stat().st_size <= 500_000 for path in one.parts)
        assert checked(one.program)[0] == 0
        assert not verify_dossier(one.path).damaged
    last = made[1].parts[-1]
    last.write_bytes(last.read_bytes() + b"\n")
    code, said = checked(made[0].program)
    assert (code, f"CHANGED {last.name} is the sealed copy" in said) == (1, True)
    assert [d.what for d in verify_dossier(made[0].path).damaged] == [last.name]


def test_the_sealed_copy_is_registered_as_gone_to_the_court_alone(
    marked: Case, tmp_path: Path
) -> None:
    out, sealed = tmp_path / "d.pdf", tmp_path / "d-SEALED.pdf"
    opponent, court = "Jane Roe, opposing-counsel", "Clerk, court"
    with pytest.raises(CaseKitError, match="court alone"):
        write_two(marked, DossierSpec(recipients=(opponent,)), out, sealed)
    assert list(tmp_path.glob("d*")) == []
    write_two(marked, DossierSpec(recipients=(opponent, court)), out, sealed, issue=True)
    with marked.read() as s:
        plans = [
            json.loads(r.plan) for r in s.execute(select(production).order_by(production.c.id))
        ]
    assert [len(plan["recipients"]) for plan in plans] == [2, 1]
    assert "court" in plans[1]["recipients"][0]
