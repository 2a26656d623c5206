import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from casekit.dossier.load_file import Encoding, read_dat
from casekit.dossier.volume import Wish
from casekit.errors import Cancelled, CaseKitError
from casekit.ingest import ingest
from casekit.jobs import production
from casekit.jobs.sealing import put_in_place
from casekit.ops import privilege, pseudonyms, redactions
from casekit.ops.recognition import Recognised, add_machine_texts
from casekit.progress import Silent
from casekit.queries import items
from casekit.queries.productions import register
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item

MAIL = b"From: a@x.example\nTo: b@x.example\nSubject: %s\nMessage-ID: <%s@x>\n\nThe code is %s.\n"
WORDS = (b"walnut harbour", b"copper lantern", b"silver meadow")


@pytest.fixture
def filed(case: Case, tmp_path: Path) -> Case:
    """Three mails (1 to 3)."""
    for no, words in enumerate(WORDS):
        (tmp_path / f"{no}.eml").write_bytes(MAIL % (b"m%d" % no, b"m%d" % no, words))
        ingest(case, [tmp_path / f"{no}.eml"])
    decide_all(case)
    return case


def _produce(case: Case, folder: Path, query: str = "*") -> production.Written:
    return production.write(case, production.plan(case, query, Wish(prefix="ABC")), folder)


def test_a_search_that_finds_nothing_is_no_want_of_decisions(filed: Case) -> None:
    with pytest.raises(CaseKitError, match="finds nothing"):
        production.plan(filed, "absent", Wish(prefix="ABC"))


def _sums(volume: Path) -> int:
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=volume, capture_output=True
    )
    return done.returncode


def test_natives_are_the_bytes_received_and_all_is_listed(filed: Case, tmp_path: Path) -> None:
    made = _produce(filed, tmp_path / "out")
    rows = read_dat((made.path / "DATA" / "VOL001.DAT").read_bytes())
    by_subject = {row["SUBJECT"]: row for row in rows}
    for no, words in enumerate(WORDS):
        row = by_subject[f"m{no}"]
        native = made.path.parent / row["NATIVELINK"].replace("\\", "/")
        assert native.read_bytes() == (tmp_path / f"{no}.eml").read_bytes()
        assert words in (made.path.parent / row["TEXTLINK"].replace("\\", "/")).read_bytes()
    listed = {line.split("  ")[1] for line in (made.path / "SHA256SUMS").read_text().splitlines()}
    there = {p.relative_to(made.path).as_posix() for p in made.path.rglob("*") if p.is_file()}
    assert there == listed | {"SHA256SUMS"}
    assert _sums(made.path) == 0
    data = bytearray(native.read_bytes())
    data[5] ^= 1
    native.write_bytes(data)
    assert _sums(made.path) == 1


def test_numbers_go_on_over_three_productions_and_stay(filed: Case, tmp_path: Path) -> None:
    for no in (2, 3):
        with filed.write() as s:
            privilege.assert_privilege(s, [no], "other")
    made = [_produce(filed, tmp_path / "out")]
    for no in (2, 3):
        with filed.write() as s:
            privilege.release_privilege(s, [no])
            privilege.clear_items(s, [no])
        made.append(_produce(filed, tmp_path / "out"))
    assert [m.path.name for m in made] == ["VOL001", "VOL002", "VOL003"]
    numbers = [{d.item_id: d.first for d in m.volume.produced} for m in made]
    assert numbers == [{1: 1}, {1: 1, 2: 2}, {1: 1, 2: 2, 3: 3}]
    with filed.read() as s:
        assert [(r.first, r.last, r.production) for r in register(s)] == [
            (1, 1, "VOL001"), (2, 2, "VOL002"), (3, 3, "VOL003"),
        ]  # fmt: skip


def test_a_redacted_mail_goes_as_text_without_its_words(filed: Case, tmp_path: Path) -> None:
    with filed.read() as s:
        body = items.view(s, 1).text("body")
    at = body.index("walnut")
    with filed.write() as s:
        redactions.redact(s, [(1, "body", at, at + 14)], "privacy")
    made = _produce(filed, tmp_path / "out")
    assert len(list(made.path.glob("NATIVES/*/*"))) == 2
    everything = b"".join(p.read_bytes() for p in made.path.rglob("*") if p.is_file())
    assert b"walnut" not in everything
    assert b"copper lantern" in everything


def test_a_value_with_a_pseudonym_is_nowhere_in_the_volume(filed: Case, tmp_path: Path) -> None:
    with filed.read() as s:
        whole = items.view(s, 1)
    values = dict.fromkeys(part for _, name, mail in whole.parties for part in (name, mail) if part)
    with filed.write() as s:
        pseudonyms.give(s, "address", list(values))
    with filed.write() as s:
        privilege.assert_privilege(s, [3], "other")
    wish = Wish(prefix="ABC", images="pdf", slips=True, tables=("csv",))
    made = production.write(filed, production.plan(filed, "kind:mail", wish), tmp_path / "out")
    files = [path for path in made.path.rglob("*") if path.is_file()]
    assert list(values) == ["a@x.example", "b@x.example"]
    for path in files:
        text = path.read_bytes().decode("utf-8", "replace").casefold()
        assert [v for v in values if v.casefold() in text] == [], path
    assert [path for path in files if path.suffix == ".pdf"]
    first = made.volume.produced[0]
    assert (first.native, first.fields["REDACTED"], first.fields["REDACTREASON"]) == (
        "", "Yes", "pseudonym",
    )  # fmt: skip
    assert first.fields["FROM"] in ("[Address 001]", "[Address 002]")


def test_pictures_that_nobody_read_are_named_where_anything_is_redacted(
    filed: Case, tmp_path: Path
) -> None:
    photo = make_item("photo", "image", media_type="image/png", pages=1)
    photo.texts = []
    file_items(filed, [photo], tmp_path, "photo.png")
    decide_all(filed)

    def named() -> list[str]:
        return production.unjudged(filed, production.plan(filed, "*", Wish(prefix="ABC")))

    assert named() == []
    with filed.write() as s:
        redactions.redact(s, [(1, "body", 0, 8)], "privacy")
    (number,) = named()
    volume = production.plan(filed, "*", Wish(prefix="ABC"))
    assert {d.fields["BEGBATES"]: d.item_id for d in volume.produced}[number] == 4
    read = Recognised(4, "page/1", "", "tesseract", "5", "eng", 96, None, bytes(32))
    with filed.write() as s:
        add_machine_texts(s, [read])
    assert named() == []


def test_redacted_words_elsewhere_stop_everything(filed: Case, tmp_path: Path) -> None:
    (tmp_path / "again.eml").write_bytes(MAIL % (b"again", b"again", b"walnut harbour"))
    ingest(filed, [tmp_path / "again.eml"])
    decide_all(filed)
    with filed.read() as s:
        at = items.view(s, 1).text("body").index("walnut")
    with filed.write() as s:
        redactions.redact(s, [(1, "body", at, at + 14)], "privacy")
    with pytest.raises(CaseKitError, match=r"The production .* leave those documents out"):
        _produce(filed, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    with filed.read() as s:
        assert register(s) == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_redacted_words_behind_code_points_stop_everything(
    filed: Case, tmp_path: Path, encoding: Encoding
) -> None:
    word = "þing" if encoding == "utf-8" else "云桥模型"
    (tmp_path / "one.txt").write_text(f"of the {word} alone")
    (tmp_path / f"{word}.txt").write_text("other")
    for name in ("one", word):
        ingest(filed, [tmp_path / f"{name}.txt"])
    decide_all(filed)
    with filed.write() as s:
        redactions.redact(s, [(4, "body", 7, 7 + len(word))], "privacy")
    volume = production.plan(filed, "*", Wish(prefix="ABC", encoding=encoding))
    assert word not in str(volume.produced)
    said = r"The production would tell words .*: ABC-0000005 \(item 5\): redaction"
    with pytest.raises(CaseKitError, match=said):
        production.write(filed, volume, tmp_path / "out")


def _redact_code(case: Case) -> None:
    with case.read() as s:
        at = items.view(s, 1).text("body").index("walnut")
    with case.write() as s:
        redactions.redact(s, [(1, "body", at, at + 14)], "privacy")


def test_a_picture_in_which_a_machine_read_redacted_words_stops_everything(
    filed: Case, tmp_path: Path
) -> None:
    photo = make_item("photo", "image", media_type="image/png", pages=1)
    file_items(filed, [photo], tmp_path, "photo.png")
    decide_all(filed)
    read = Recognised(4, "page/1", "Walnut  harbour", "tesseract", "5", "eng", 96, 9, bytes(32))
    with filed.write() as s:
        add_machine_texts(s, [read])
    _redact_code(filed)
    with pytest.raises(CaseKitError, match=r"ABC-0000004 \(item 4\): redaction"):
        _produce(filed, tmp_path / "out")


def test_redacted_words_in_the_bytes_alone_stop_everything(filed: Case, tmp_path: Path) -> None:
    hidden = MAIL.replace(b"\nTo:", b"\nX-Note: walnut harbour\nTo:") % (b"x", b"x", b"nothing")
    (tmp_path / "x.eml").write_bytes(hidden)
    ingest(filed, [tmp_path / "x.eml"])
    decide_all(filed)
    _redact_code(filed)
    with filed.read() as s:
        assert "walnut" not in str(items.view(s, 4).texts)
    with pytest.raises(CaseKitError, match=r"ABC-0000004 \(item 4\): redaction"):
        _produce(filed, tmp_path / "out")


def test_a_redacted_mail_is_told_without_its_words_in_the_load_file(
    filed: Case, tmp_path: Path
) -> None:
    (tmp_path / "s.eml").write_bytes(MAIL % (b"On walnut harbour", b"s", b"walnut harbour"))
    ingest(filed, [tmp_path / "s.eml"])
    decide_all(filed)
    with filed.read() as s:
        at = items.view(s, 4).text("body").index("walnut")
    with filed.write() as s:
        redactions.redact(s, [(4, "body", at, at + 14)], "privacy")
    made = _produce(filed, tmp_path / "out", "id:4")
    assert b"On [" in next(made.path.glob("DATA/*.DAT")).read_bytes()


def test_a_folder_that_is_there_is_left_as_it_is(filed: Case, tmp_path: Path) -> None:
    there = tmp_path / "out" / "VOL001" / "note.txt"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(CaseKitError, match="already there"):
        _produce(filed, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").rglob("*")] == ["VOL001", "note.txt"]


def test_a_volume_that_was_not_recorded_is_not_there(
    filed: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume = production.plan(filed, "*", Wish(prefix="ABC"))
    write = Case.write

    @contextmanager
    def write_and_fail(case: Case) -> Iterator[Connection]:
        with write(case) as s:
            yield s
            raise OSError("no space left")

    monkeypatch.setattr(Case, "write", write_and_fail)
    with pytest.raises(OSError, match="no space"):
        production.write(filed, volume, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_changed_since_the_plan_or_was_cancelled_leaves_nothing(
    filed: Case, tmp_path: Path
) -> None:
    volume = production.plan(filed, "*", Wish(prefix="ABC"))

    class Stop(Silent):
        def step(self, done: int, total: int | None, text: str) -> None:
            if text == "writing natives" and done:
                raise Cancelled

    with pytest.raises(Cancelled):
        production.write(filed, volume, tmp_path / "out", Stop())
    assert list((tmp_path / "out").iterdir()) == []
    with filed.write() as s:
        privilege.assert_privilege(s, [2], "other")
    with pytest.raises(CaseKitError, match="withheld as privileged since this was planned"):
        production.write(filed, volume, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    with filed.read() as s:
        assert register(s) == []


def test_a_plan_is_written_once(filed: Case, tmp_path: Path) -> None:
    volume = production.plan(filed, "*", Wish(prefix="ABC"))
    production.write(filed, volume, tmp_path / "out")
    for folder in ("out", "other"):
        with pytest.raises(CaseKitError):
            production.write(filed, volume, tmp_path / folder)
    assert list((tmp_path / "other").iterdir()) == []
    assert _sums(tmp_path / "out" / "VOL001") == 0


def test_a_power_cut_before_the_name_loses_nothing(
    filed: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(building: Path, out: Path) -> None:
        raise PowerCut

    volume = production.plan(filed, "*", Wish(prefix="ABC"))
    with monkeypatch.context() as patch:
        patch.setattr(production, "give_name", cut)
        with pytest.raises(PowerCut):
            production.write(filed, volume, tmp_path / "out")
    (left,) = (tmp_path / "out").iterdir()
    assert left.name.startswith(".VOL001-")
    with filed.read() as s:
        assert [r.production for r in register(s)] == ["VOL001"]
    stray = tmp_path / "out" / ".VOL002-00000000"
    stray.mkdir()
    assert put_in_place(filed, tmp_path / "out") == [tmp_path / "out" / "VOL001"]
    assert _sums(tmp_path / "out" / "VOL001") == 0
    assert stray.is_dir()
    assert put_in_place(filed, tmp_path / "out") == []
