import json
from pathlib import Path

from casekit.dossier.volume import Wish
from casekit.ingest import ingest
from casekit.jobs import production
from casekit.ops import clawback as ops
from casekit.ops.clawback import Notice
from casekit.queries import clawback
from casekit.store.case import Case
from tests.builders import decide_all, file_items, make_item


def test_a_notice_names_items_by_their_number_hash_file_or_load_file(
    case: Case, tmp_path: Path
) -> None:
    theirs = {"load_file": {"BEGBATES": "MER-0000003"}, "row": 2}
    heads = [
        make_item("one", name="MER-0000001.pdf"), make_item("two", name="MER-0000002"),
        make_item("three", facts=json.dumps(theirs)), make_item("four", name="MER-00000011.pdf"),
    ]  # fmt: skip
    original = file_items(case, heads, tmp_path)
    with case.read() as s:
        digest = heads[1].columns["sha256"].hex()
        found = {
            name: clawback.find(s, name)
            for name in ("mer-0000002..MER-0000009", "MER-00000011..MER-00000012", "MER-000001..MER-000003",
                         "M%R-0000001..M%R-0000003",
                         "MER-0000001", "mer-0000002", "MER-0000003", "MER-0000001..MER-0000003", "4",
                         "Item 2", digest, original.hex(), "MER-0000009", "MER-000000_", "%", "")
        }  # fmt: skip
    assert found == {
        "mer-0000002..MER-0000009": [2, 3], "MER-00000011..MER-00000012": [4], "MER-000001..MER-000003": [],
        "M%R-0000001..M%R-0000003": [],
        "MER-0000001": [1], "mer-0000002": [2], "MER-0000003": [3], "MER-0000001..MER-0000003": [1, 2, 3],
        "4": [4], "Item 2": [2], digest: [2], original.hex(): [1, 2, 3, 4], "MER-0000009": [],
        "MER-000000_": [], "%": [], "": [],
    }  # fmt: skip
    with case.write() as s:
        ops.receive_notice(s, Notice("A", ["1"], reference="x"))
    with case.read() as s:
        assert clawback.find(s, "MER-0000001") == [1]  # what is hidden can be named again


def test_what_has_left_is_known_with_its_productions(case: Case, tmp_path: Path) -> None:
    for n in (1, 2):
        (tmp_path / f"{n}.txt").write_text(f"letter {n}")
        ingest(case, [tmp_path / f"{n}.txt"])
    decide_all(case)
    for query in ("id:1", "*"):
        production.write(case, production.plan(case, query, Wish(prefix="ABC")), tmp_path / "out")
    with case.read() as s:
        assert clawback.left(s) == []
        first, second = clawback.left(s, [1, 2])
        assert (first.first, [title for title, _, _ in first.made]) == (
            "ABC-0000001",
            ["VOL001", "VOL002"],
        )
        assert (second.first, [title for title, _, _ in second.made]) == ("ABC-0000002", ["VOL002"])
        assert clawback.find(s, "ABC-0000002") == [2]
        assert clawback.find(s, "abc-0000001..ABC-0000009") == [1, 2]
        assert clawback.find(s, "ABC-0000003..ABC-0000009") == []
    with case.write() as s:
        ops.take_back(s, [2], "work-product", "Slipped through")
    with case.read() as s:
        (taken,) = clawback.left(s)
        assert (taken.item_id, taken.basis, taken.reason) == (2, "work-product", "Slipped through")
