from __future__ import annotations

from pathlib import Path

import pytest

from casekit.errors import CaseKitError
from casekit.jobs import clawback
from casekit.ops import people as ops
from casekit.ops.clawback import Notice
from casekit.queries import people_links
from casekit.queries.people_links import Network
from casekit.store import arrays
from casekit.store.case import Case
from tests.builders import file_items, make_exchange


@pytest.fixture
def linked(case: Case, tmp_path: Path) -> Case:
    """Accounts a (2 requests) and b (1) of one address, c of another, a request of a key alone, d sole."""
    used = [("a", "k1", "10.0.0.1"), ("a", "k1", "10.0.0.1"), ("b", "k2", "10.0.0.1"),
            ("c", "k3", "10.0.0.2"), (None, "k1", "10.0.0.9"), ("d", None, None)]  # fmt: skip
    made = [
        make_exchange(f"P{n}", "A", "m", account=account, api_key=key, ip=ip)
        for n, (account, key, ip) in enumerate(used)
    ]
    file_items(case, made, tmp_path)
    return case


def around(case: Case, kind: str, value: str, **wanted: int) -> Network:
    columns = arrays.read(case)
    with case.read() as s:
        return people_links.around(s, columns, (kind, value), **wanted)


def named(found: Network) -> set[tuple[str, str, int, bool]]:
    n = [f"{node.kind}:{node.name}" for node in found.nodes]
    return {(n[k.first], n[k.second], k.items, k.is_decided) for k in found.links}


def test_what_stands_in_the_same_records_is_linked_with_counts(linked: Case) -> None:
    found = around(linked, "account", "a")
    assert named(found) == {
        ("account:a", "key:k1", 2, False), ("account:a", "ip:10.0.0.1", 2, False),
        ("ip:10.0.0.1", "account:b", 1, False), ("key:k1", "ip:10.0.0.9", 1, False),
    }  # fmt: skip
    assert [node.away for node in found.nodes] == [0, 1, 1, 2, 2]
    assert len(around(linked, "account", "a", steps=1).nodes) == 3
    assert around(linked, "account", "d").links == ()
    columns = arrays.read(linked)
    both = people_links.items_of_link(columns, ("account", "a"), ("ip", "10.0.0.1"))
    assert both.tolist() == [1, 2]


def test_what_is_left_out_is_counted_and_the_most_used_stays(linked: Case) -> None:
    found = around(linked, "ip", "10.0.0.1", steps=1, most=2)
    assert [node.value for node in found.nodes] == ["10.0.0.1", "a"]
    assert found.left_out == 1
    with pytest.raises(CaseKitError, match="does not appear"):
        around(linked, "account", "zz")
    with pytest.raises(CaseKitError, match="one step"):
        around(linked, "account", "a", steps=0)


def test_what_people_decided_links_too_and_says_so(linked: Case) -> None:
    with linked.write() as s:
        ops.unite(s, [("account", "a"), ("account", "c")], "Ann")
    assert ("person:Ann", "account:c", 1, True) in named(around(linked, "person", "1", steps=1))
    assert ("account:a", "person:Ann", 2, True) in named(around(linked, "account", "a"))


def test_what_only_a_sequestered_item_tells_is_nowhere(linked: Case) -> None:
    with linked.write() as s:
        ops.unite(s, [("account", "a"), ("account", "b")], "Ann")
    clawback.receive(linked, Notice("Them", ["item 3"], reference="letter"))
    told = named(around(linked, "account", "a"))
    assert ("account:a", "person:Ann", 2, True) in told
    assert not any("account:b" in each for each in told)
    with pytest.raises(CaseKitError, match="does not appear"):
        around(linked, "account", "b")
