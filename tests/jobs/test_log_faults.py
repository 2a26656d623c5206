import dataclasses
from pathlib import Path

from casekit.jobs.log_faults import detail_faults, leaf_fault
from casekit.ops import tags
from casekit.store import canonical, custody
from casekit.store.case import Case
from casekit.store.custody import Leaf
from tests.builders import file_items, make_item


def test_each_fault_has_its_words(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("a")], tmp_path)
    with case.write() as s:
        tags.add_tag(s, [1], "hot")
        *_, before, leaf = custody.leaves(s)
        detail = custody.detail(s, leaf.seq)
    assert leaf_fault(leaf, leaf.seq, before.hash, case.uuid) == ""
    assert list(detail_faults(leaf, detail)) == []
    other = dataclasses.replace(leaf, leaf=leaf.leaf.replace(b"Test", b"Tess"))
    spaced = leaf.leaf.replace(b'"v":1', b'"v": 1')
    faults = [
        leaf_fault(other, leaf.seq, before.hash, case.uuid),
        leaf_fault(leaf, leaf.seq + 1, before.hash, case.uuid),
        leaf_fault(leaf, leaf.seq, leaf.hash, case.uuid),
        leaf_fault(leaf, leaf.seq, before.hash, "x"),
        leaf_fault(Leaf(leaf.seq, spaced, canonical.leaf_hash(spaced)), leaf.seq, before.hash, case.uuid),
    ]  # fmt: skip
    assert [fault.split()[-1] for fault in faults] == ["hash.", "it.", "it.", "case.", "form."]
    changed = {**detail.body, "changes": detail.body["changes"][:1]}
    found = list(detail_faults(leaf, dataclasses.replace(detail, body=changed)))
    assert len(found) == 2
