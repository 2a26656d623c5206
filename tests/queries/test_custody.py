from pathlib import Path

from casekit.ops import items as item_ops
from casekit.ops import notes
from casekit.queries import custody
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_entries_are_read_by_class_and_by_original(case: Case, tmp_path: Path) -> None:
    original = file_items(case, [make_item()], tmp_path)
    with case.write() as s:
        notes.add_note(s, 1, "x")
    with case.read() as s:
        assert [(e.seq, e.label) for e in custody.entries(s, act_class="custody")] == [
            (1, "Case created"),
            (2, "Import started"),
            (3, "1 file received, 1 item read"),
            (4, "Import finished"),
        ]
        assert [e.op for e in custody.entries(s, act_class="work")] == ["note.add"]
        assert custody.of_original(s, original) == 1
        assert custody.of_original(s, bytes(32)) == 0
    file_items(case, [make_item()], tmp_path)
    with case.read() as s:
        assert custody.of_original(s, original) == 2


def test_imports_that_did_not_come_to_their_end_are_counted(case: Case) -> None:
    with case.write() as s:
        first, second, _ = (item_ops.start_run(s, "[]", "none") for _ in range(3))
        item_ops.finish_run(s, first, "finished", "{}")
        item_ops.finish_run(s, second, "failed", "{}")
    with case.read() as s:
        assert custody.unfinished_imports(s) == 2
        assert not custody.all_imports_finished(s)


def test_imports_that_all_came_to_their_end_are_known(case: Case) -> None:
    for state in ("finished", "cancelled"):
        with case.read() as s:
            assert custody.all_imports_finished(s)
        with case.write() as s:
            item_ops.finish_run(s, item_ops.start_run(s, "[]", "none"), state, "{}")
    with case.read() as s:
        assert not custody.all_imports_finished(s)
