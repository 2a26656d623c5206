from __future__ import annotations

import pytest

from casekit.errors import CaseKitError
from casekit.ops import journal, searches, tags
from casekit.queries.search_history import history
from casekit.store import custody
from casekit.store.case import Case
from tests.search.builders import add


def test_searches_are_kept_as_work_with_their_last_remark(case: Case) -> None:
    with case.write() as s:
        add(s)
        tagged = tags.add_tag(s, [1], "hot")
        first = searches.record_search(s, "cap*", 3, scope="in:outputs", last_item=1)
        second = searches.record_search(s, "like this", 500, mode="meaning")
        searches.annotate_search(s, first.act, "agreed with them")
        searches.annotate_search(s, first.act, " agreed on 3 March ")
        with pytest.raises(CaseKitError, match="is no search"):
            searches.annotate_search(s, tagged.act, "x")
        with pytest.raises(CaseKitError, match="is no search"):
            searches.annotate_search(s, 999, "x")
        assert [seq for seq, _ in journal.undoable_acts(s, case.actor)] == [tagged.act]
    with case.read() as s:
        found = history(s)
        assert [(r.act, r.query, r.scope, r.mode, r.hits, r.note) for r in found] == [
            (second.act, "like this", "", "meaning", 500, ""),
            (first.act, "cap*", "in:outputs", "words", 3, "agreed on 3 March"),
        ]
        assert (found[1].by, found[1].last_item) == (case.actor, 1)
        assert history(s, limit=1) == found[:1]
        leaf = next(custody.leaves(s, first.act - 1, first.act)).content
        assert leaf["class"] == "work"
        assert "cap" not in str(leaf)  # a leaf may be shown: what was searched may not
