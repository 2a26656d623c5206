import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from casekit.dossier.manifest import beside, signed_sums
from casekit.store import canonical
from tests.dossier.conftest import Matter


def test_the_manifest_names_the_dossier_its_exhibits_and_their_hashes(dossier: Matter) -> None:
    data = dossier.rendered.manifest.read_bytes()
    manifest = json.loads(data)
    assert data == canonical.encode(manifest) + b"\n"
    assert (
        manifest["dossier"]["sha256"]
        == hashlib.sha256(dossier.rendered.path.read_bytes()).hexdigest()
    )
    assert manifest["plan_sha256"] == dossier.plan.digest().hex()
    assert [e["label"] for e in manifest["exhibits"]] == [c.label for c in dossier.plan.exhibits]
    assert manifest["withheld"] == [{"basis": "attorney-client", "exhibits": 1, "items": 1}]
    mail = manifest["exhibits"][3]
    assert [i["name"] for i in mail["items"]][1:] == [
        "Terms of service 2025-03.pdf",
        "dashboard.png",
    ]


def test_the_list_of_hashes_is_read_by_sha256sum(dossier: Matter, tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("missing system package: coreutils")
    made = dossier.rendered
    for path in (made.path, made.manifest, made.sums, made.program):
        shutil.copy(path, tmp_path)
    (tmp_path / "originals").mkdir()
    sha256 = dossier.plan.produced[0].original_sha256
    with dossier.case.vault.open(bytes.fromhex(sha256)) as f:
        (tmp_path / "originals" / sha256).write_bytes(f.read())
    command = ["sha256sum", "-c", "--ignore-missing", "--strict", dossier.rendered.sums.name]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": OK") == 4
    with (tmp_path / "draft.pdf").open("r+b") as f:
        f.seek(1000)
        f.write(b"\xff")
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1


def test_what_a_signature_adds_stands_before_what_need_not_be_there() -> None:
    issued = b"00  d.pdf\n11  d.manifest.json\n# Files as received\n22  originals/22\n"
    assert signed_sums(issued, {"d.pdf.p7s": "33", "d.manifest.json": "44"}) == (
        b"00  d.pdf\n44  d.manifest.json\n33  d.pdf.p7s\n# Files as received\n22  originals/22\n"
    )


def test_the_names_beside_a_dossier() -> None:
    assert beside(Path("a/Bundle v2.pdf")) == (
        Path("a/Bundle v2.manifest.json"),
        Path("a/Bundle v2.SHA256SUMS"),
        Path("a/Bundle v2.verify.py"),
    )
