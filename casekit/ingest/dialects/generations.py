"""Programs that models wrote for a benchmark, a list of texts for each task and nothing else.

Source: bigcode-project/bigcode-evaluation-harness `main.py`, `--save_generations_path`.
"""

from __future__ import annotations

from typing import Any

from casekit.ingest import places
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context

_NAME = "generations"
"""What the harness calls such a file, with the task behind it: only the name tells it from other lists."""
_MOST = 10_000
"""Texts of one task."""


def read_generations(untrusted_record: Any, raw: bytes, context: Context) -> Draft | None:
    """The texts of one task: the first is the answer, each other hangs below it; None for any other list."""
    if type(untrusted_record) is not list or _NAME not in context.name.rpartition("/")[2].lower():
        return None
    if not untrusted_record or not all(type(each) is str for each in untrusted_record):
        return None
    draft = Draft(raw, context)
    draft.collection = "outputs"
    draft.output = untrusted_record[0]
    draft.fields["sample"] = 0
    if len(untrusted_record) > _MOST:
        draft.put_extra("generations", untrusted_record[_MOST:])
    spans = places.element_spans(raw, ())
    for number, text in enumerate(untrusted_record[1:_MOST], 1):
        part = draft.part(span=spans.get(number))
        part.collection, part.output = "outputs", text
        part.fields["sample"] = number
        draft.hang(part)
    return draft
