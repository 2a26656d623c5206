from casekit.analysis import again, lineage
from casekit.queries.findings import FindingRow
from casekit.store.case import Case
from tests.analysis import worlds


def test_a_finding_is_computed_again_from_what_it_says(world: Case) -> None:
    with world.read() as s:
        body = lineage.compare(
            s, subject="dark-7b", sources=list(worlds.SOURCES), members=worlds.members()
        )
        made = again.compute(s, FindingRow(1, "lineage", "", 0, body))
    assert again.differences(body, made) == []
    changed = {**body, "result": {**body["result"], "log10_lr": 9.9}}
    assert again.differences(changed, made) == ["result"]
    assert again.sentence("lineage", body) == lineage.sentence(body)
    assert again.sentence("unknown", body) == ""
