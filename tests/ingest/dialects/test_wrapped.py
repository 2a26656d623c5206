from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.readers.json_records import read
from tests.ingest.records_case import read_all, texts

CALL = {
    "schemaType": "ModelInvocationLog", "requestId": "r", "modelId": "m", "operation": "Converse",
    "input": {"inputBodyJson": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}},
    "output": {"outputBodyJson": {"output": {"message": {"content": [{"text": "Yo"}]}}}},
}  # fmt: skip


def test_events_of_cloudwatch_are_unwrapped() -> None:
    events = [{"logStreamName": "s", "timestamp": 1770091506789, "message": json.dumps(CALL)}]
    data = json.dumps({"events": events, "searchedLogStreams": []}).encode()
    (item,), problems, _ = read_all(read, data)
    assert problems == []
    assert texts(item) == {"prompt": "Hi", "output": "Yo"}
    assert item.when is not None
    assert (item.when.us, item.when.field) == (1_770_091_506_789_000, "timestamp")
    assert item.exchange is not None
    assert json.loads(item.exchange.extra)["wrapper"] == {
        "logStreamName": "s",
        "timestamp": 1770091506789,
    }


@pytest.mark.parametrize("key", ["message", "jsonPayload", "log", "_raw"])
def test_wrappers_of_several_services_are_known(key: str) -> None:
    assert recognise({"timestamp": 1, key: CALL}) == "wrapped log entry"
    assert recognise({"timestamp": 1, key: json.dumps(CALL) + "\n"}) == "wrapped log entry"


@pytest.mark.parametrize("inner", [None, 7, "text", "{cut", {}, {"a": 1}, {"message": CALL}])
def test_what_nobody_knows_stays_unknown(inner: Any) -> None:
    assert recognise({"message": inner}) == ""
