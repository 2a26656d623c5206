import csv
import io
from pathlib import Path

import pytest
from PIL import Image

from casekit.dossier.load_file import Encoding, read_dat, read_opt
from casekit.dossier.volume import FIELDS, Wish
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest
from casekit.jobs import production
from casekit.jobs.originals import raw_bytes
from casekit.jobs.verify import verify
from casekit.ops import privilege, redactions
from casekit.progress import Silent
from casekit.queries import items
from casekit.queries.productions import register
from casekit.search import query as parsed_query
from casekit.store.case import Case, create_case
from tests.builders import decide_all
from tests.ingest.documents import pdf

MAIL = (
    b"From: a@x.example\nTo: b@x.example\nSubject: %s\nMessage-ID: <%s@x>\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/mixed; boundary=q\n\n--q\n\nThe code is %s.\n--q\n"
    b"Content-Type: text/csv\nContent-Disposition: attachment; filename=t.csv\n\na,%s\n--q--\n"
)


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """A PDF of three pages (1), a red picture (2), two mails (3, 5) each with a table (4, 6)."""
    (tmp_path / "p.pdf").write_bytes(pdf("first page", "second page", "third page"))
    Image.new("RGB", (400, 300), "red").save(tmp_path / "red.png")
    for name in ("one", "two"):
        word = name.encode()
        (tmp_path / f"{name}.eml").write_bytes(MAIL % (word, word, word, word))
    for name in ("p.pdf", "red.png", "one.eml", "two.eml"):
        ingest(case, [tmp_path / name])
    decide_all(case)
    return case


def _produce(case: Case, folder: Path, query: str = "*", **wish: object) -> production.Written:
    asked = Wish(**({"prefix": "ABC", "images": "tiff"} | wish))  # type: ignore[arg-type]
    return production.write(case, production.plan(case, query, asked), folder)


def _opt(made: production.Written) -> list[list[tuple[str, str]]]:
    return read_opt((made.path / "DATA" / f"{made.path.name}.OPT").read_bytes())


def test_every_page_has_a_number_that_stands_on_it(filed: Case, tmp_path: Path) -> None:
    made = _produce(filed, tmp_path / "out", tables=("csv", "lfp"))
    rows = read_dat((made.path / "DATA" / "VOL001.DAT").read_bytes())
    documents = _opt(made)
    assert [(r["BEGBATES"], int(r["PAGECOUNT"])) for r in rows] == [
        (pages[0][0], len(pages)) for pages in documents
    ]
    assert [r["ENDBATES"] for r in rows] == [pages[-1][0] for pages in documents]
    keys = [key for pages in documents for key, _ in pages]
    assert keys == [f"ABC-{n:07d}" for n in range(1, len(keys) + 1)]
    by_name = {r["FILENAME"]: r for r in rows}
    assert by_name["p.pdf"]["PAGECOUNT"] == "3"
    family = [r for r in rows if r["BEGATTACH"]]
    assert {(r["BEGATTACH"], r["ENDATTACH"]) for r in family} == {
        (a["BEGBATES"], b["ENDBATES"]) for a, b in zip(family[::2], family[1::2], strict=True)
    }
    assert by_name["t.csv"]["PLACEHOLDER"] == "Produced natively"
    lines = (made.path / "DATA" / "VOL001.LFP").read_text().splitlines()
    told = [line.split(",", 4) for line in lines]
    assert [key for _, key, *_ in told] == keys
    firsts = {r["BEGBATES"]: "C" if r["PARENTID"] else "D" for r in rows}
    assert [flag for _, _, flag, *_ in told] == [firsts.get(key, "") for key in keys]
    assert "C" in firsts.values()
    for *_, where in told:
        volume, folder, name, _kind = where.split(";")
        assert volume == "@VOL001"
        assert (made.path / folder.replace("\\", "/") / name).is_file()
    for pages in documents:
        for key, path in pages:
            file = made.path.parent / path.replace("\\", "/")
            with Image.open(file) as image:
                assert round(image.info["dpi"][0]) == 300
                foot = image.convert("L").crop((0, image.height - 170, image.width, image.height))
                assert foot.getextrema()[0] < 80, key
    with filed.read() as s:
        assert [(r.first, r.last) for r in register(s)] == [(1, len(keys))]
    table = (made.path / "DATA" / "VOL001.CSV").read_text("utf-8-sig")
    assert [r["BEGBATES"] for r in csv.DictReader(io.StringIO(table))] == [
        r["BEGBATES"] for r in rows
    ]


def test_a_list_of_pictures_needs_pictures(filed: Case) -> None:
    with pytest.raises(CaseKitError, match="choose pictures too"):
        production.plan(filed, "*", Wish("ABC", images="none", tables=("lfp",)))


def test_colour_goes_as_jpeg_and_letters_as_group_4(filed: Case, tmp_path: Path) -> None:
    made = _produce(filed, tmp_path / "out", "id:1 OR id:2")
    endings = {
        path.rpartition(".")[2] for path in made.path.rglob("IMAGES/*/*") for path in [path.name]
    }
    assert endings == {"tif", "jpg"}
    (picture,) = made.path.glob("IMAGES/*/*.jpg")
    with Image.open(picture) as image:
        red, green, _ = image.getpixel((image.width // 2, image.height // 8))  # type: ignore[misc]
    assert (red > 240, green < 20) == (True, True)


def test_pages_can_go_as_pdf_and_equal_plans_give_equal_pictures(
    filed: Case, tmp_path: Path
) -> None:
    made = _produce(filed, tmp_path / "out", images="pdf")
    again = _produce(filed, tmp_path / "again", images="pdf")
    files = sorted(made.path.glob("IMAGES/*/*.pdf"))
    assert len(files) == sum(d.pages for d in made.volume.documents)
    twins = [again.path / path.relative_to(made.path) for path in files]
    assert [p.read_bytes() for p in files] == [p.read_bytes() for p in twins]


def test_withheld_items_leave_numbered_slips(filed: Case, tmp_path: Path) -> None:
    with filed.write() as s:
        privilege.assert_privilege(s, [3], "work-product", note="Draft")
    made = _produce(filed, tmp_path / "out", slips=True)
    rows = read_dat((made.path / "DATA" / "VOL001.DAT").read_bytes())
    held = [r for r in rows if r["PLACEHOLDER"].startswith("Withheld")]
    assert [(r["PLACEHOLDER"], r["DOCTYPE"]) for r in held] == [
        ("Withheld: work product", "mail"), ("Withheld: work product", "document"),
    ]  # fmt: skip
    assert held[0]["ENDATTACH"] == held[1]["ENDBATES"]
    everything = b"".join(p.read_bytes() for p in made.path.rglob("*") if p.is_file())
    assert b"The code is one" not in everything
    assert b"PRIV-0000003" in everything
    with filed.read() as s:
        assert {row.bates for row in items.rows(s, [3, 4])} == {r["BEGBATES"] for r in held}


def test_a_number_given_before_stays_and_further_pages_hang_on_it(
    filed: Case, tmp_path: Path
) -> None:
    body = b"From: a@x.example\nSubject: long\nMessage-ID: <long@x>\n\n" + b"line\n" * 300
    (tmp_path / "long.eml").write_bytes(body)
    ingest(filed, [tmp_path / "long.eml"])
    decide_all(filed)
    _produce(filed, tmp_path / "out", "id:7", images="none")
    made = _produce(filed, tmp_path / "out", "id:7 OR id:2")
    pages = {d.item_id: [key for key, _ in d.keys] for d in made.volume.produced}
    assert pages[7][:2] == ["ABC-0000001", "ABC-0000001.0002"]
    assert len(pages[7]) > 5
    assert pages[2] == ["ABC-0000002"]
    rows = read_dat((made.path / "DATA" / "VOL002.DAT").read_bytes())
    assert {r["BEGBATES"]: r["ENDBATES"] for r in rows}["ABC-0000001"] == pages[7][-1]


def test_what_is_redacted_stands_in_no_picture(filed: Case, tmp_path: Path) -> None:
    with filed.read() as s:
        at = items.view(s, 1).text("page/2").index("second")
    with filed.write() as s:
        redactions.redact(s, [(1, "page/2", at, at + 6)], "privacy")
    made = _produce(filed, tmp_path / "out", "id:1", images="pdf")
    assert made.volume.produced[0].how == "set"
    assert b"second" not in b"".join(p.read_bytes() for p in made.path.rglob("*.txt"))


def test_what_changed_since_the_plan_is_not_drawn(filed: Case, tmp_path: Path) -> None:
    with filed.write() as s:
        privilege.assert_privilege(s, [3], "other")
    volume = production.plan(filed, "id:3 OR id:2", Wish("ABC", images="tiff", slips=True))
    with filed.write() as s:
        privilege.describe(s, [3], "Said otherwise")
    with pytest.raises(CaseKitError, match="has changed since"):
        production.write(filed, volume, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_cancelled_pictures_leave_nothing(filed: Case, tmp_path: Path) -> None:
    class Stop(Silent):
        def step(self, done: int, total: int | None, text: str) -> None:
            if text == "writing pictures" and done:
                raise Cancelled

    volume = production.plan(filed, "*", Wish("ABC", images="tiff"))
    with pytest.raises(Cancelled):
        production.write(filed, volume, tmp_path / "out", Stop())
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_our_own_volume_comes_back_byte_for_byte(
    filed: Case, tmp_path: Path, encoding: Encoding
) -> None:
    made = _produce(filed, tmp_path / "out", encoding=encoding)
    with create_case(tmp_path / "other", "Theirs") as other:
        report = ingest(other, [made.path])
        assert {p["kind"] for p in report.problems} <= {"no-date", "unknown-dialect"}
        with other.read() as s:
            heads = {}
            for item_id in items.item_ids(s, parsed_query(other, "*"), order="id"):
                view = items.view(s, int(item_id))
                if "load_file" in view.facts:
                    heads[view.facts["load_file"]["BEGBATES"]] = view
        assert list(heads) == [d.fields["BEGBATES"] for d in made.volume.documents]
        for one in made.volume.documents:
            view = heads[one.fields["BEGBATES"]]
            back = {name: view.facts["load_file"].get(name, "") for name in FIELDS}
            assert back == {name: value.replace("®", "\n") for name, value in one.fields.items()}
            assert dict(view.texts)["body"] == (made.path / one.text).read_text("utf-8")
            parts = view.facts["parts"]
            assert parts["native"]["sha256"] == one.sha256
            assert [p["number"] for p in parts["pictures"]] == [key for key, _ in one.keys]
            files = {f.name: f.read_bytes() for f in made.path.rglob("*.*") if f.is_file()}
            with other.read() as s:
                rows = [r for r in items.view(s, view.row.id).family if r.name in files]
            assert {r.name for r in rows} >= {Path(p["path"]).name for p in parts["pictures"]}
            for row in rows:
                assert raw_bytes(other, row.id) == files[row.name]
            assert len(rows) >= one.pages
        assert verify(other).damaged == []
