"""Records with a value of the wrong type somewhere: none may stop a reader, none may lose its bytes."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from casekit.ingest.dialects import DIALECTS, Reading
from casekit.ingest.dialects.draft import Draft, finish
from casekit.ingest.parsed import Context, Parsed
from tests.ingest.dialects.test_agent_chats import AGENTS
from tests.ingest.dialects.test_chat_exports import EXPORTED
from tests.ingest.dialects.test_cloud_audit import AUDITED
from tests.ingest.dialects.test_eval_results import RESULTS
from tests.ingest.dialects.test_evaluations import SHOWN, STATE, WANTED, line
from tests.ingest.dialects.test_gateways import KONG
from tests.ingest.dialects.test_inspect_samples import LOG, SAMPLE
from tests.ingest.dialects.test_media_answers import MEDIA
from tests.ingest.dialects.test_oasst import TREE
from tests.ingest.dialects.test_otel_shapes import MLFLOW
from tests.ingest.dialects.test_preferences import BAD, GOOD, USER
from tests.ingest.dialects.test_sets import WILD

TURN = {"from": "human", "value": "a"}
RECORDS: tuple[dict[str, Any], ...] = (
    SAMPLE, {**SAMPLE, "transcript": {"events": [{}], "content": {}}}, STATE, line(0, "x", "a", "b"), TREE,
    TREE["prompt"], WILD,
    {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD], "chosen_model": "m", "id": "x"},
    {"chosen": "\n\nAssistant: a", "rejected": "b"},
    {"input": {"messages": [USER], "tools": []}, "preferred_output": [GOOD], "non_preferred_output": [BAD]},
    {"conversations": [TURN], "chosen": {"from": "gpt", "value": "x"}, "rejected": TURN},
    {"instruction": "q", "completions": [{"model": "m", "response": "a"}, {"text": "b"}], "models": ["a", "b"]},
    {"prompt": '["a"]', "response_a": '["b"]', "response_b": '["c"]', "model_a": "m"},
    {"instruction": "a", "instances": [{"input": "b", "output": "c"}, {"input": "b", "output": "c"}]},
    {"instruction": "a", "input": "", "output": "b", "history": [["x", "y"]], "system": "s"},
    {"question_id": 1, "choices": [{"index": 0, "turns": ["a"]}, {"turns": ["b"]}], "model_id": "m"},
    {"question_id": 1, "turns": ["a", "b"]},
    {"message_id": "a", "parent_id": "b", "text": "x", "role": "assistant", "message_tree_id": "t"},
    {"prompt": [USER], "completion": [GOOD]}, *AUDITED, SHOWN, WANTED, MLFLOW,
    *EXPORTED, KONG, *MEDIA, *RESULTS, *AGENTS,
)  # fmt: skip
JUNK: tuple[Any, ...] = (
    None, True, -1, 3.5, 10**30, "", "x", [], {}, [None], ["a"], [{}], [[]], {"a": 1}, {"role": 1},
    [{"role": "user"}],
)  # fmt: skip


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield from places_in(value[key], (*path, key))


def spoiled(record: dict[str, Any], number: random.Random) -> Iterator[dict[str, Any]]:
    for path in places_in(record):
        for junk in (*number.sample(JUNK, 8), "gone"):
            made = copy.deepcopy(record)
            holder: Any = made
            for key in path[:-1]:
                holder = holder[key]
            if junk == "gone":
                del holder[path[-1]]
            else:
                holder[path[-1]] = junk
            yield made


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: next(iter(record)))
def test_a_value_of_the_wrong_type_stops_nothing(record: dict[str, Any]) -> None:
    around = {key: value for key, value in LOG.items() if key != "samples"}
    for each in spoiled(record, random.Random(7)):
        raw = json.dumps(each).encode()
        for dialect in DIALECTS:
            draft = Draft(raw, Context())
            if not dialect.read(each, draft):
                left = (draft.fields, draft.extra, draft.prompt, draft.output, draft.children)
                assert left == ({}, {}, "", "", ()), dialect.name
        found = Reading(Context()).draft(each, raw, around)
        if found is not None:
            item = finish(found, 0, 1, "")
            assert msgspec.msgpack.decode(msgspec.msgpack.encode(item), type=Parsed) == item


def test_a_head_of_the_wrong_type_stops_no_sample() -> None:
    for around in spoiled(
        {key: value for key, value in LOG.items() if key != "samples"}, random.Random(7)
    ):
        draft = Draft(b"{}", Context())
        draft.around = around
        assert any(dialect.read(SAMPLE, draft) for dialect in DIALECTS)
        finish(draft, 0, 1, "")
