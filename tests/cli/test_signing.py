import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit import settings
from casekit.cli.signing import PASSWORD as VARIABLE
from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.pki import PASSWORD, Authorities, authorities


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[Authorities]:
    with authorities(tmp_path) as made:
        yield made
    settings.save(dataclasses.replace(settings.load(), time_authority=""))


def test_an_issued_dossier_is_signed_and_verified(
    case: Case, pki: Authorities, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.save(settings.Settings())  # no authority that another test has left behind
    pdf, key = pki.folder / "d.pdf", pki.key_file()
    assert cli("dossier", case.folder, pdf, "--issue").code == 0
    (pki.folder / "word").write_text(PASSWORD + "\n")
    wrong = cli("sign", case.folder, pdf, "--key", key, "--password-file", pki.root_file)
    assert (wrong.code, "password is wrong" in wrong.err) == (2, True)
    (pki.folder / "latin").write_bytes(b"pass\xe9\n")
    wrong = cli("sign", case.folder, pdf, "--key", key, "--password-file", pki.folder / "latin")
    assert (wrong.code, "write it there in UTF-8" in wrong.err) == (2, True)
    for keys in ((), ("--key", key, "--module", key)):
        wrong = cli("sign", case.folder, pdf, *keys)
        assert (wrong.code, "either a file with --key" in wrong.err) == (2, True)
    wrong = cli("sign", case.folder, pdf, "--module", key)
    assert (wrong.code, "give its --certificate" in wrong.err) == (2, True)
    monkeypatch.setenv(VARIABLE, PASSWORD)
    without = cli("sign", case.folder, pdf, "--key", key, "--level", "T")
    assert (without.code, "needs a time-stamping authority" in without.err) == (2, True)
    monkeypatch.delenv(VARIABLE)
    made = cli(
        "sign", case.folder, pdf, "--key", key, "--level", "T", "--authority", pki.url,
        "--password-file", pki.folder / "word", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert {k: made.json[k] for k in ("v", "where", "level", "signer")} == {
        "v": 1, "where": "beside", "level": "T", "signer": "Common Name: Jane Roe",
    }  # fmt: skip
    assert settings.load().time_authority == pki.url
    checked = cli("verify", pdf, "--root", pki.root_file)
    assert checked.code == 0, checked.out
    assert "Signature beside the file: whole, by Common Name: Jane Roe" in checked.out
    assert checked.out.count("rests on a root given") == 3
    assert PASSWORD not in checked.out + made.out + made.err
    data = bytearray(pdf.read_bytes())
    data[900] ^= 1
    pdf.write_bytes(data)
    checked = cli("verify", pdf, "--json")
    assert checked.code == 1
    whys = {d["why"] for d in checked.json["damaged"]}
    assert "What was signed is not what lies here." in whys


def test_a_level_without_stamps_asks_nobody(
    case: Case, pki: Authorities, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.remember_authority(pki.url)
    monkeypatch.setenv(VARIABLE, PASSWORD)
    pdf = pki.folder / "d.pdf"
    assert cli("dossier", case.folder, pdf, "--issue", "--profile", "archive").code == 0
    done = cli("sign", case.folder, pdf, "--key", pki.key_file())
    assert (done.code, pki.asked) == (0, [])
    assert f"{pdf}: signed by Common Name: Jane Roe, level B" in done.out
