from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.ingest.provenance import Provenance, read_supplied_hashes

SHA256, SHA1, MD5 = "AB" * 32, "cd" * 20, "ef" * 16


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "hashes").write_text(text, "utf-8")
    return tmp_path / "hashes"


def test_hashes_are_read_in_the_forms_they_come_in(tmp_path: Path) -> None:
    text = (
        "\ufefffile,algorithm,hash,bytes\n"
        f'"mail, 2025/box.mbox",SHA-256,{SHA256},17\n'
        f"{SHA1}  ./logs/api log.jsonl\n"
        f"{MD5} *scan.png\n"
        f"docs\\terms.pdf,{SHA256.lower()}\n"
        "# made on Monday\n\n"
    )
    assert read_supplied_hashes(written(tmp_path, text)) == {
        "mail, 2025/box.mbox": "sha256:" + "ab" * 32,
        "logs/api log.jsonl": "sha1:" + SHA1,
        "scan.png": "md5:" + MD5,
        "docs/terms.pdf": "sha256:" + "ab" * 32,
    }


@pytest.mark.parametrize("text", ["", "name,hash\n", "deadbeef  file\n", f"{SHA1}\n"])
def test_a_list_without_hashes_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaseKitError, match="holds no hashes"):
        read_supplied_hashes(written(tmp_path, text))


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hashes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseKitError, match="cannot be read as text"):
        read_supplied_hashes(tmp_path / "hashes")


def test_the_longest_listed_path_that_a_file_ends_with_counts() -> None:
    known = Provenance(
        supplied={"a/log.jsonl": "md5:1", "log.jsonl": "md5:2", "b/a/log.jsonl": "md5:3"}
    )
    asked = [
        "x/b/a/log.jsonl",
        "x/a/log.jsonl",
        "c/log.jsonl",
        "log.jsonl",
        "x\\a\\log.jsonl",
        "catalog.jsonl",
    ]
    assert [known.supplied_hash(path) for path in asked] == [
        "md5:3",
        "md5:1",
        "md5:2",
        "md5:2",
        "md5:1",
        "",
    ]


def test_every_receipt_carries_what_is_known() -> None:
    known = Provenance(
        custodian="Helen", received_from="Helen Marsh", role="subject", medium="USB stick"
    )
    assert known.columns() == {
        "received_from": "Helen Marsh", "received_at": None, "medium": "USB stick", "collected_by": None,
        "collection_tool": None, "authority": None, "role": "subject", "model": None,
    }  # fmt: skip
