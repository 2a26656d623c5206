import gzip
from pathlib import Path

from casekit.dossier.plan import plan
from casekit.dossier.render import render
from casekit.dossier.sheet import Grid
from casekit.dossier.spec import USUAL, DossierSpec
from casekit.ingest import ingest
from casekit.ops import items as item_ops
from casekit.store.case import Case
from tests.dossier.builders import Builder
from tests.dossier.pdf_text import glyphs_of
from tests.evidence import write_log


def test_the_books_of_every_import_are_printed_without_a_name(
    case: Case, built: Builder, tmp_path: Path
) -> None:
    secret = tmp_path / "SECRETNAME.jsonl"
    write_log(secret, 12)
    with secret.open("ab") as f:
        f.write(b'{"cut": \n')
    report = ingest(case, [secret])
    ingest(case, [secret])
    with case.write() as s:
        item_ops.start_run(s, '["cut off"]', "none")
    with case.read() as s:
        assert plan(s).imports == ()
        decided = plan(s, DossierSpec(sections=(*USUAL, "imports")))
    understood, total = report.formats["jsonl"].understood, report.bytes_total
    every, formats, met = (b for b in decided.imports if isinstance(b, Grid) if b.rows)
    assert [row[2:] for row in every.rows] == [
        ("1", "12", f"{total:,}", f"{understood:,}", f"{total - understood:,}", "0"),
        ("1", "0", f"{total:,}", "0", "0", f"{total:,}"),
        ("no report",) * 6,
    ]  # fmt: skip
    assert formats.rows == (
        ("jsonl", "1", "12", f"{total:,}", f"{100 * understood / total:.4g} %", "–"),
    )  # fmt: skip
    assert met.rows == (("parse", "bad-json", "1"),)
    assert "SECRETNAME" not in decided.encoded().decode()
    drawn = render(decided, built.originals, tmp_path / "d.pdf")
    text = "".join(g.character for page in glyphs_of(drawn.path) for g in page)
    assert "Import reports".replace(" ", "") in text.replace(" ", "")


def test_what_lay_inside_archives_has_lines_of_its_own(case: Case, tmp_path: Path) -> None:
    packed = b'{"prompt": "p", "output": "o"}\n{"cut": \n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(packed))
    ingest(case, [tmp_path / "a.jsonl.gz"])
    size = (tmp_path / "a.jsonl.gz").stat().st_size
    with case.read() as s:
        decided = plan(s, DossierSpec(sections=(*USUAL, "imports")))
    _, formats, _ = (b for b in decided.imports if isinstance(b, Grid) if b.rows)
    assert formats.rows == (
        ("gzip", "1", "1", f"{size:,}", "100 %", "no-time: 1"),
        ("jsonl, inside other files", "1", "–", f"{len(packed):,}", f"{3200 / len(packed):.4g} %", "–"),
    )  # fmt: skip
