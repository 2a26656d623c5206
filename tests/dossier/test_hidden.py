from __future__ import annotations

from casekit.dossier.hidden import hidden_by_pseudonyms, hidden_by_redaction
from casekit.dossier.pseudonyms import instead
from casekit.ops import redactions
from casekit.queries import items
from casekit.queries.whole_values import WholeValues
from casekit.store.case import Case
from tests.dossier.builders import Builder, document, message


def test_what_lies_above_tells_it_too(case: Case, built: Builder) -> None:
    inner = document("inner.txt", "of org_4471")
    (head,) = built.add("a.eml", message(document("plain.txt", "nothing"), inner))
    with case.read() as s:
        views = [items.view(s, head + n) for n in range(3)]
        original = views[0].original_sha256
        assert hidden_by_redaction(s) == (frozenset(), frozenset())
    given = WholeValues([("[Account 001]", "account", "org_4471")])
    assert hidden_by_pseudonyms(instead(v, given) for v in views[1:2]) == (frozenset(), frozenset())
    assert hidden_by_pseudonyms(instead(v, given) for v in views[2:]) == (
        {head, head + 2}, {original},
    )  # fmt: skip
    with case.write() as s:
        redactions.redact(s, [(head + 1, "body", 0, 4)], "privacy")
    with case.read() as s:
        assert hidden_by_redaction(s) == ({head, head + 1}, {original})
