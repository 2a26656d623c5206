import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.store import canonical


def test_canonical_json_is_sorted_and_without_white_space() -> None:
    value = {"b": 1, "a": [True, None, 0.5], "é": "合", "raw": b"\x01\xff"}
    assert canonical.encode(value) == '{"a":[true,null,0.5],"b":1,"raw":"01ff","é":"合"}'.encode()
    assert canonical.without_nulls({"a": None, "b": 0}) == {"b": 0}


def test_the_root_is_that_of_rfc_6962() -> None:
    # Test vectors of certificate transparency's reference implementation.
    inputs = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
    leaves = [canonical.leaf_hash(data) for data in inputs]
    assert canonical.root([]).hex() == hashlib.sha256(b"").hexdigest()
    assert (
        canonical.root(leaves[:1]).hex()
        == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert (
        canonical.root(leaves[:3]).hex()
        == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    )
    assert (
        canonical.root(leaves).hex()
        == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_the_root_splits_at_the_largest_power_of_two(leaves: list[bytes]) -> None:
    def slow(some: list[bytes]) -> bytes:
        if len(some) < 2:
            return some[0] if some else canonical.EMPTY_ROOT
        split = 1 << (len(some) - 1).bit_length() - 1
        return hashlib.sha256(b"\x01" + slow(some[:split]) + slow(some[split:])).digest()

    assert canonical.root(leaves) == slow(leaves)


def test_a_salted_leaf_hides_its_value() -> None:
    one, other = (
        canonical.salted_leaf(salt, 1, b"guess") for salt in (bytes(32), bytes(31) + b"\x01")
    )
    assert one != other


@pytest.mark.parametrize("size", [0, 1, 32, 64])
def test_many_salted_leaves_are_those_made_one_by_one(size: int) -> None:
    salt, data = bytes(range(size)), [b"", b"x", bytes(1_000), b"x"]
    one_by_one = [canonical.salted_leaf(salt, n, each) for n, each in enumerate(data, 1)]
    assert list(canonical.salted_leaves(salt, data)) == one_by_one
    assert len(set(one_by_one)) == 4  # the number counts: equal values have leaves of their own
