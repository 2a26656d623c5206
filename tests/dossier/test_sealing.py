from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from casekit.dossier.sealing import PROGRAM, seal, unseal
from casekit.errors import CaseKitError

WORD = "a passphrase, é and all"
DECOMPOSED = "a passphrase, e\u0301 and all"


def test_a_stranger_opens_it_with_the_program_in_it(tmp_path: Path) -> None:
    sealed = tmp_path / "key.json"
    sealed.write_bytes(seal("Ann Lee é\n".encode(), WORD, "a key"))
    program = "\n".join(json.loads(sealed.read_bytes())["open_it"])
    assert program == "\n".join(PROGRAM)
    asks = "getpass.getpass('Passphrase: ')"
    assert asks in program
    (tmp_path / "open.py").write_text(program.replace(asks, f"{DECOMPOSED!r}"), "utf-8")
    command = [sys.executable, "-I", "open.py", "key.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode() == "Ann Lee é\n"


def test_it_opens_with_its_passphrase_alone_and_unchanged() -> None:
    sealed = seal(b"secret text", WORD, "a key")
    assert unseal(sealed, DECOMPOSED) == b"secret text"
    assert sealed != seal(b"secret text", WORD, "a key")
    assert b"secret" not in sealed
    with pytest.raises(CaseKitError, match="passphrase is another"):
        unseal(sealed, WORD + "!")
    file = json.loads(sealed)
    for name in ("what", "salt", "nonce", "sealed"):
        changed = {
            **file,
            name: "A" + file[name][1:] if file[name][0] != "A" else "B" + file[name][1:],
        }
        with pytest.raises(CaseKitError, match="does not open"):
            unseal(json.dumps(changed).encode(), WORD)


@pytest.mark.parametrize(
    "change", [{"n": 2**30}, {"v": 2}, {"salt": "AAAA"}, {"sealed": "?"}, {"nonce": 7}, {"what": None, "r": 9}]
)  # fmt: skip
def test_what_is_no_sealed_file_is_refused(change: dict[str, object]) -> None:
    file = json.loads(seal(b"x", WORD, "a key"))
    with pytest.raises(CaseKitError, match="no sealed file"):
        unseal(json.dumps({**file, **change}).encode(), WORD)
    with pytest.raises(CaseKitError, match="no sealed file"):
        unseal(b"%PDF-1.7", WORD)
    with pytest.raises(CaseKitError, match="at least 12"):
        seal(b"x", " " * 20 + "short", "a key")
