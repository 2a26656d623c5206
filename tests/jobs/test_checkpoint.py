import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from casekit.dossier.sign import Authority, open_key, read_roots
from casekit.errors import CaseKitError
from casekit.jobs import checkpoint
from casekit.jobs.verify import verify
from casekit.ops import matter
from casekit.queries.checkpoints import checkpoints
from casekit.store import canonical, custody
from casekit.store.case import Case, create_case
from tests.pki import PASSWORD, Authorities, authorities


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[Authorities]:
    (tmp_path / "pki").mkdir()
    with authorities(tmp_path / "pki") as made:
        yield made


def signed(
    case: Case, pki: Authorities, out: Path | None = None, *, key: bool = True, stamp: bool = True
) -> checkpoint.Made:
    signer = open_key(pki.key_file(), PASSWORD) if key else None
    return checkpoint.make(case, signer, Authority(pki.url) if stamp else None, out)


def why(case: Case, **given: object) -> list[str]:
    with case.read() as s:
        return [one.why for one in checkpoint.check_all(s, **given)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "stamp"), [(True, True), (True, False), (False, True)])
def test_the_log_is_signed_or_stamped_and_verified(
    key: bool, stamp: bool, case: Case, pki: Authorities
) -> None:
    made = signed(case, pki, key=key, stamp=stamp)
    with case.write() as s:
        matter.set_matter(s, {"judge": "X"})
    report = verify(case, roots=read_roots([pki.root_file]))
    assert report.damaged == []
    assert report.checked["checkpoints"] == 1
    assert ("signed by Common Name: Jane Roe" in report.notes[-1]) is key
    assert ("time-stamped" in report.notes[-1]) is stamp
    with case.read() as s:
        (row,) = checkpoints(s)
        assert (
            canonical.root(leaf.hash for leaf in custody.leaves(s, 0, made.seq)).hex() == made.root
        )
    assert json.loads(row.statement)["root"] == made.root


def test_a_log_that_was_made_anew_is_not_the_one_signed(
    case: Case, pki: Authorities, tmp_path: Path
) -> None:
    out = tmp_path / "kept"
    out.mkdir()
    with case.write() as s:
        matter.set_matter(s, {"judge": "X"})
    made = signed(case, pki, out)
    assert [p.name for p in made.files] == [
        f"checkpoint-{made.seq:06}{end}" for end in (".json", ".p7s", ".tsr")
    ]
    with case.read() as s:
        assert checkpoint.check_outside(s, made.files[0]).why == ""
        leaf = next(custody.leaves(s, made.seq - 1, made.seq))
    forged = leaf.leaf.replace(b'"matter.set"', b'"matter.tes"')
    with case.write() as s:
        s.execute(text("DROP TRIGGER custody_is_append_only_update"))
        s.execute(
            text("UPDATE custody SET leaf = :l, hash = :h WHERE seq = :n"),
            {"l": forged, "h": canonical.leaf_hash(forged), "n": made.seq},
        )
    assert why(case) == ["The log is not the one that was signed: an entry was changed since."]
    with case.read() as s:
        assert "was changed since" in checkpoint.check_outside(s, made.files[0]).why


def test_another_case_and_a_shorter_log_are_told(
    case: Case, pki: Authorities, tmp_path: Path
) -> None:
    out = tmp_path / "kept"
    out.mkdir()
    with case.write() as s:
        matter.set_matter(s, {"judge": "X"})
    made = signed(case, pki, out)
    with create_case(tmp_path / "Other", "Other") as other, other.read() as s:
        assert checkpoint.check_outside(s, made.files[0]).why == "It is of another case."
        uuid = next(custody.leaves(s, 0, 1)).content["case"]
    statement = made.files[0]
    statement.write_bytes(checkpoint.state(uuid, 99, bytes(32)))
    with case.read() as s:
        assert checkpoint.check_outside(s, statement).why == "It is of another case."


def test_a_statement_or_signature_that_was_changed_does_not_hold(
    case: Case, pki: Authorities, tmp_path: Path
) -> None:
    out = tmp_path / "kept"
    out.mkdir()
    made = signed(case, pki, out)
    statement, signature, stamp = made.files
    told = statement.read_bytes()
    with case.read() as s:
        number = next(custody.leaves(s, 0, 1)).content["case"]
        statement.write_bytes(
            checkpoint.state(number, made.seq, bytes.fromhex(made.root))
        )  # another time
        assert "not what lies here" in checkpoint.check_outside(s, statement).why
        statement.write_bytes(checkpoint.state(number, 99, bytes(32)))
        assert "entries are missing" in checkpoint.check_outside(s, statement).why
        statement.write_bytes(told)
        stamp.write_bytes(stamp.read_bytes()[:-20])
        assert checkpoint.check_outside(s, statement).why != ""
        stamp.unlink()
        assert checkpoint.check_outside(s, statement).why == ""
        signature.unlink()
        assert "neither" in checkpoint.check_outside(s, statement).why
        for odd in ("[]", '{"seq": 1e999, "root": ""}', '{"seq": 1, "root": 2}', "{"):
            statement.write_text(odd)
            with pytest.raises(CaseKitError, match="is no checkpoint"):
                checkpoint.check_outside(s, statement)
        statement.write_bytes(told.replace(b'"seq":%d' % made.seq, b'"seq":1' + b"0" * 30))
        assert "entries are missing" in checkpoint.check_outside(s, statement).why


def test_a_signer_under_another_root_is_not_trusted(
    case: Case, pki: Authorities, tmp_path: Path
) -> None:
    signed(case, pki)
    (tmp_path / "else").mkdir()
    with authorities(tmp_path / "else") as others:
        others.root = others.certificate("Another root", pki_key(), ca=True)
        assert why(case, roots=read_roots([pki.root_file])) == [""]
    with case.write() as s:
        s.execute(text("UPDATE checkpoint SET seq = 2 WHERE id = 1"))
    assert why(case) == ["What was signed is not what the case says of it."]


def pki_key():  # type: ignore[no-untyped-def]
    from tests.pki import new_key

    return new_key(3)


@pytest.mark.parametrize("answer", ["refuse", "other", "noise", "nonce"])
def test_an_authority_that_gives_no_stamp_leaves_nothing(
    answer: str, case: Case, pki: Authorities, tmp_path: Path
) -> None:
    pki.answer = answer
    with pytest.raises(CaseKitError, match="time-stamping authority"):
        signed(case, pki, tmp_path)
    assert list(tmp_path.glob("checkpoint*")) == []
    assert why(case) == []


def test_what_is_missing_is_asked_for_and_nothing_is_written_over(
    case: Case, pki: Authorities, tmp_path: Path
) -> None:
    with pytest.raises(CaseKitError, match="needs a key"):
        checkpoint.make(case, None, None)
    with pytest.raises(CaseKitError, match="is not there"):
        signed(case, pki, tmp_path / "absent")
    with case.read() as s:
        seq = custody.head(s)
    (tmp_path / f"checkpoint-{seq:06}.p7s").write_text("mine")
    with pytest.raises(CaseKitError, match="already there"):
        signed(case, pki, tmp_path)
    assert (tmp_path / f"checkpoint-{seq:06}.p7s").read_text() == "mine"
    assert why(case) == []


def test_openssl_agrees(case: Case, pki: Authorities, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("missing system package: openssl")
    made = signed(case, pki, tmp_path)
    statement, signature, stamp = made.files
    cms = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", statement,
           "-CAfile", pki.root_file, "-purpose", "any", "-out", "/dev/null"]  # fmt: skip
    ts = ["openssl", "ts", "-verify", "-data", statement, "-in", stamp, "-CAfile", pki.root_file]
    for command in (cms, ts):
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    statement.write_bytes(statement.read_bytes() + b" ")
    assert subprocess.run([str(c) for c in cms], capture_output=True).returncode != 0
