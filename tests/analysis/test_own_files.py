from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from casekit.analysis import again, own, own_files
from casekit.errors import CaseKitError
from casekit.queries.findings import FindingRow
from casekit.store.case import Case
from tests.analysis.test_own import METHOD, fill

WEIGHED = (
    METHOD[: METHOD.index("def compare")]
    + """
import json
import numpy as np
FILES = ["weights.safetensors", "words.csv"]

def compare(answers, controls, seed, files):
    raw = open(files["weights.safetensors"], "rb").read()
    length = int.from_bytes(raw[:8], "little")
    begin, end = json.loads(raw[8:8 + length])["w"]["data_offsets"]
    weights = np.frombuffer(raw[8 + length:][begin:end], "<f4")
    words = open(files["words.csv"], encoding="utf-8").read().split(",")
    at = lambda pairs: sum(float(w) * a.count(x) for _, a in pairs for w, x in zip(weights, words))
    return {"score": at(answers), "controls": {m: at(p) for m, p in controls.items()}}
"""
)


def packed(head: object, numbers: bytes) -> bytes:
    text = json.dumps(head).encode()
    return len(text).to_bytes(8, "little") + text + numbers


def weights(*values: float) -> bytes:
    import numpy as np

    numbers = np.array(values, "<f4").tobytes()
    row = {"dtype": "F4", "shape": [len(values)], "data_offsets": [0, len(numbers)]}
    return packed({"w": row, "__metadata__": {"by": "x"}}, numbers)


def laid(folder: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    for name, data in files:
        (folder / name).write_bytes(data)
    path = folder / "method.py"
    path.write_text(WEIGHED, encoding="utf-8")
    return path


def test_a_method_reads_its_weights_which_are_inputs_and_are_checked_again(
    case: Case, tmp_path: Path
) -> None:
    fill(case, tmp_path)
    path = laid(tmp_path, [("weights.safetensors", weights(2, 1)), ("words.csv", b";,One")])
    chosen = own.read(path)
    with case.read() as s:
        body = own.compare(s, chosen=chosen, subject="s-7b", controls=["c-1"])
        row = FindingRow(1, "own", "x", 0, json.loads(json.dumps(body)))
        assert again.differences(body, again.compute(s, row, method=own.read(path))) == []
        (tmp_path / "words.csv").write_bytes(b";,Two")
        with pytest.raises(CaseKitError, match="another file words"):
            again.compute(s, row, method=own.read(path))
        with pytest.raises(CaseKitError, match="was changed while"):
            own.compare(s, chosen=chosen, subject="s-7b", controls=["c-1"])
    assert (body["result"]["score"], body["controls"][0]["score"]) == (20.0, 10.0)
    told = [(row["name"], row["sha256"], row["bytes"]) for row in body["parameters"]["files"]]
    assert told == [(f.name, f.sha256, f.size) for f in chosen.files]
    assert [(i["model"], i["role"], i["root"]) for i in body["inputs"][2:]] == [
        (f.name, "file", f.sha256) for f in chosen.files
    ]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("weights.pt", b"PK", "what can hold a program is not read"),
        ("../weights.csv", b"1", "no name of a file beside the method"),
        ("absent.csv", None, "cannot be read beside it"),
        ("zero.csv", b"a\0b", "is not what its name says"),
        ("latin.txt", b"\xe9", "is not what its name says"),
        ("cut.txt", b"\xc3", "is not what its name says"),
        ("short.safetensors", b"\x01", "is not what its name says"),
        ("long.safetensors", (9 << 40).to_bytes(8, "little") + b"{}", "is not what its name says"),
        ("list.safetensors", packed([1], b""), "is not what its name says"),
        ("gap.safetensors", packed({"w": {"data_offsets": [4, 8]}}, b"12345678"), "is not what"),
        ("tail.safetensors", packed({"w": {"data_offsets": [0, 4]}}, b"12345678"), "is not what"),
    ],
)
def test_what_may_hold_a_program_or_is_not_what_it_says_is_refused(
    tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    if data is not None and "/" not in name:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CaseKitError, match=said):
        own_files.find([name], tmp_path)


def test_declarations_that_are_none_are_refused_and_copies_are_gone_afterwards(
    tmp_path: Path,
) -> None:
    assert own_files.find([], None) == ()
    for wrong in ("x.csv", [1]):
        with pytest.raises(CaseKitError, match="is a list of names"):
            own_files.find(wrong, tmp_path)
    with pytest.raises(CaseKitError, match="which lie beside it"):
        own_files.find(["x.csv"], None)
    (tmp_path / "x.csv").write_text("é" * 10)
    (found,) = own_files.find(["x.csv", "x.csv"], tmp_path)
    with own_files.laid_out([found], lambda: None) as paths:
        copy = Path(paths["x.csv"])
        assert copy.read_text(encoding="utf-8") == "é" * 10
        assert copy.parent != tmp_path
    assert not copy.parent.exists()
