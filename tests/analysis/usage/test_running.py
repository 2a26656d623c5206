from __future__ import annotations

from casekit.analysis.usage import running
from casekit.analysis.usage.running import Run


def test_the_campaign_is_named_and_no_innocent(run: Run) -> None:
    assert running.named(run) == [f"ring-{n:03d}" for n in range(60)]
    assert len(run.account_q) == len(run.group_q) == len(run.compared)
    assert len(run.verdicts) == len(run.together) == min(len(run.groups), running.GROUPS_TESTED)
