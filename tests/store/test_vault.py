import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from casekit.errors import CaseKitError
from casekit.store import vault
from casekit.store.case import Case
from casekit.store.vault import Deposit, Vault


def put(case: Case, tmp_path: Path, data: bytes, name: str = "file") -> Deposit:
    source = tmp_path / name
    source.write_bytes(data)
    return case.vault.deposit(source)


def test_a_deposit_keeps_the_bytes_under_their_hash(case: Case, tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    digest = hashlib.sha256(data).digest()
    assert put(case, tmp_path, data) == Deposit(digest, 3_000_000, new=True)
    with case.vault.open(digest) as f:
        assert f.read() == data
    assert case.vault.hash_of(digest) == (digest, 3_000_000)
    assert list(case.vault.names()) == [digest]
    assert (
        not os.access(case.folder / "vault" / digest.hex()[:2] / digest.hex(), os.W_OK)
        or os.getuid() == 0
    )


def test_the_same_bytes_again_are_one_original(case: Case, tmp_path: Path) -> None:
    first = put(case, tmp_path, b"evidence")
    second = put(case, tmp_path, b"evidence", "other name")
    assert (first.new, second.new) == (True, False)
    assert list((case.folder / "vault" / "tmp").iterdir()) == []


def test_a_damaged_original_is_not_replaced(case: Case, tmp_path: Path) -> None:
    deposit = put(case, tmp_path, b"evidence")
    path = case.folder / "vault" / deposit.sha256.hex()[:2] / deposit.sha256.hex()
    path.chmod(0o640)
    path.write_bytes(b"evil")
    with pytest.raises(CaseKitError, match="damaged"):
        put(case, tmp_path, b"evidence")
    assert path.read_bytes() == b"evil"


def test_links_and_devices_are_refused(case: Case, tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(CaseKitError, match="not a regular file"):
            case.vault.deposit(tmp_path / name)
    with pytest.raises(CaseKitError, match="could not be taken"):
        case.vault.deposit(tmp_path / "missing")


def test_other_digests_come_in_the_same_pass(case: Case, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"evidence")
    deposit = case.vault.deposit(tmp_path / "f", also=("md5", "sha1"))
    assert (deposit.md5, deposit.sha1) == (
        hashlib.md5(b"evidence").hexdigest(),
        hashlib.sha1(b"evidence").hexdigest(),
    )


def test_strangers_are_named_and_leftovers_cleared(case: Case, tmp_path: Path) -> None:
    deposit = put(case, tmp_path, b"evidence")
    (case.folder / "vault" / "stray.txt").write_bytes(b"")
    (case.folder / "vault" / deposit.sha256.hex()[:2] / "notes").write_bytes(b"")
    (case.folder / "vault" / "tmp" / "half").write_bytes(b"")
    assert case.vault.strangers() == [f"{deposit.sha256.hex()[:2]}/notes", "stray.txt"]
    assert (case.vault.clear_waiting(), case.vault.clear_waiting(older_than=0)) == (0, 1)


def test_a_missing_original_is_said_plainly(case: Case) -> None:
    with pytest.raises(CaseKitError, match="missing"):
        case.vault.open(bytes(32))
    assert case.vault.hash_of(bytes(32)) is None


def test_an_original_is_given_to_another_vault(case: Case, tmp_path: Path) -> None:
    vault = case.vault
    sha = put(case, tmp_path, b"evidence").sha256
    other = Vault(tmp_path / "other")
    other.create()
    assert not other.holds(sha)
    assert vault.give(sha, other).sha256 == sha
    assert other.holds(sha)
    with pytest.raises(CaseKitError, match="missing from the case"):
        vault.give(bytes(32), other)


def test_a_large_copy_goes_to_the_disk_on_the_way(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "SYNCED", 2 * vault.CHUNK)
    synced: list[int] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_size)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    data = os.urandom(8 * vault.CHUNK + 1)
    source = tmp_path / "file"
    source.write_bytes(data)
    deposit = case.vault.deposit(source, also=("md5",), settle=False)
    assert deposit.sha256 == hashlib.sha256(data).digest()
    assert deposit.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert synced[0] < len(data) == synced[-1]  # and the last time all of it
    with case.vault.open(deposit.sha256) as f:
        assert f.read() == data


@pytest.mark.parametrize(("what", "time"), [("hash", 2), ("hash", 4), ("sync", 1)])
def test_what_goes_wrong_beside_a_copy_ends_it(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, time: int
) -> None:
    """The system tells of a write that failed to whoever asks first, and then no more."""
    monkeypatch.setattr(vault, "SYNCED", vault.CHUNK)
    asked: list[object] = []
    fsync, hashing = os.fsync, vault._Beside._hash

    def failing(one: Any, two: Any = None) -> None:
        asked.append(one)
        if len(asked) == time:
            raise OSError(5, "Input/output error")
        fsync(one) if what == "sync" else hashing(one, two)

    if what == "sync":
        monkeypatch.setattr(os, "fsync", failing)
    else:
        monkeypatch.setattr(vault._Beside, "_hash", failing)
    with pytest.raises(CaseKitError, match="Input/output error"):
        put(case, tmp_path, os.urandom(4 * vault.CHUNK))
    assert list(case.vault.names()) == []
    assert list((case.folder / "vault" / "tmp").iterdir()) == []
