from pathlib import Path

from casekit.ops import tags
from casekit.store import canonical, custody
from casekit.store.case import Case
from tests.builders import file_items, make_item


def test_leaves_are_chained_canonical_and_hold_no_values(case: Case, tmp_path: Path) -> None:
    file_items(case, [make_item("Secret title")], tmp_path)
    with case.write() as s:
        tags.add_tag(s, [1], "issue/secret")
    with case.read() as s:
        leaves = list(custody.leaves(s))
        assert [leaf.content["op"] for leaf in leaves] == [
            "case.create", "ingest.start", "ingest.batch", "ingest.finish", "tag.add",
        ]  # fmt: skip
        prev = custody.NO_LEAF
        for leaf in leaves:
            assert leaf.content["prev"] == prev.hex()
            assert canonical.leaf_hash(leaf.leaf) == leaf.hash
            assert canonical.encode(leaf.content) == leaf.leaf
            assert b"ecret" not in leaf.leaf
            prev = leaf.hash
        assert set(leaves[2].content) == {
            "v", "case", "seq", "prev", "at", "actor", "class", "op", "detail", "changes", "items",
        }  # fmt: skip
        assert leaves[2].content["items"]["count"] == 1
        assert [leaf.content["class"] for leaf in leaves] == ["custody"] * 4 + ["work"]
        assert custody.tree_root(s) == canonical.root(leaf.hash for leaf in leaves)
        detail = custody.detail(s, 5)
        committed = canonical.salted_leaf(detail.salt, 0, canonical.encode(detail.body)).hex()
        assert committed == leaves[4].content["detail"]
        assert detail.body["changes"][-1] == {
            "table": "item_tag",
            "key": {"item_id": 1, "tag_id": 2},
            "after": {"item_id": 1, "tag_id": 2},
        }
