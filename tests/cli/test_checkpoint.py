from collections.abc import Iterator
from pathlib import Path

import pytest

from casekit import settings
from casekit.store.case import Case
from tests.cli.conftest import Cli
from tests.pki import PASSWORD, Authorities, authorities


@pytest.fixture
def pki(tmp_path: Path) -> Iterator[Authorities]:
    (tmp_path / "pki").mkdir()
    with authorities(tmp_path / "pki") as made:
        yield made
    settings.save(settings.Settings())


def test_a_checkpoint_is_made_listed_and_verified_inside_and_outside(
    cli: Cli, filled: Case, pki: Authorities, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.save(settings.Settings())
    assert cli("checkpoint", filled.folder).out == ""
    monkeypatch.setenv("CASEKIT_KEY_PASSWORD", PASSWORD)
    key = pki.key_file()
    made = cli(
        "checkpoint",
        filled.folder,
        "--key",
        key,
        "--authority",
        pki.url,
        "--out",
        tmp_path,
        "--json",
    )
    assert made.code == 0, made.err
    assert settings.load().time_authority == pki.url
    assert cli("checkpoint", filled.folder, "--json").json["root"] == made.json["root"]
    file = made.json["files"][0]
    checked = cli("verify", filled.folder, "--checkpoint", file, "--root", pki.root_file)
    assert checked.code == 0, checked.out
    assert checked.out.count("signed by Common Name: Jane Roe, time-stamped") == 2
    stamped = cli("checkpoint", filled.folder, "--stamp")
    assert stamped.code == 0, stamped.err
    assert len(cli("checkpoint", filled.folder).out.splitlines()) == 2
    Path(file).write_bytes(Path(file).read_bytes().replace(b'"seq":', b'"seq" :'))
    broken = cli("verify", filled.folder, "--checkpoint", file)
    assert (broken.code, "not what lies here" in broken.out) == (1, True)


def test_a_stamp_needs_an_authority(cli: Cli, filled: Case) -> None:
    settings.save(settings.Settings())
    refused = cli("checkpoint", filled.folder, "--stamp")
    assert (refused.code, "needs a key" in refused.err) == (2, True)
