import pytest

from casekit.errors import CaseKitError
from casekit.ops import journal
from casekit.ops.checkpoints import keep_checkpoint
from casekit.store import custody
from casekit.store.case import Case


def test_it_is_an_act_of_custody_that_stays(case: Case) -> None:
    with case.write() as s:
        done = keep_checkpoint(s, 1, bytes(32), b"{}", signature=b"\x30\x00", signer="Jane Roe")
    with case.read() as s:
        leaf = list(custody.leaves(s))[-1].content
        assert (leaf["class"], leaf["op"]) == ("custody", "checkpoint.keep")
    assert (done.label, done.undo) == ("Custody log up to entry 1 signed by Jane Roe", None)
    with pytest.raises(CaseKitError, match="cannot be undone"), case.write() as s:
        journal.undo(s, done.act)
