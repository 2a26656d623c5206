from casekit.ops.checkpoints import keep_checkpoint
from casekit.queries.checkpoints import checkpoints
from casekit.store.case import Case


def test_what_was_signed_is_given_back_as_it_was(case: Case) -> None:
    with case.write() as s:
        keep_checkpoint(
            s, 1, bytes(range(32)), b"said\n", stamp=b"\x30\x00", authority="https://a.example"
        )
    with case.read() as s:
        (row,) = checkpoints(s)
    assert (row.seq, row.root, row.statement) == (1, bytes(range(32)), b"said\n")
    assert (row.signature, row.stamp, row.signer, row.authority) == (
        b"",
        b"\x30\x00",
        "",
        "https://a.example",
    )
