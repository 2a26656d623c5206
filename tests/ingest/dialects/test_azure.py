from __future__ import annotations

import json
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.azure import (
    apim_llm_key,
    merge_apim_llm,
    read_apim,
    read_apim_llm,
    read_azure_openai,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.parsed import Context, When

PROPERTIES = {
    "apiName": "Azure OpenAI API version 2024-02-15-preview",
    "requestTime": 638515262815394150,
    "responseTime": 638515262825606520,
    "objectId": "oid-1",
    "streamType": "Streaming",
    "modelDeploymentName": "pilot",
    "modelName": "gpt-x",
}
CALL = {
    "time": "2024-05-24T12:23:02.4350000Z",
    "category": "RequestResponse",
    "operationName": "ChatCompletions_Create",
    "resultSignature": "200",
    "callerIpAddress": "81.2.69.***",
    "correlationId": "c-1",
    "durationMs": -1021,
    "properties": PROPERTIES,
}
FIELDS = {
    "request_id": "c-1",
    "operation": "ChatCompletions_Create",
    "status": 200,
    "ip": "81.2.69.***",
    "account": "oid-1",
    "model": "gpt-x",
    "model_requested": "pilot",
    "provider": "azure",
    "latency_ms": 1021,
    "api_version": "2024-02-15-preview",
    "stream": 1,
}


def draft() -> Draft:
    return Draft(b"", Context())


@pytest.mark.parametrize("properties", [PROPERTIES, json.dumps(PROPERTIES)])
def test_properties_are_an_object_or_json_in_a_string(properties: Any) -> None:
    made = draft()
    assert read_azure_openai({**CALL, "properties": properties}, made)
    assert (made.kind, made.fields) == ("request", FIELDS)
    assert made.when == When(
        1_716_553_382_435_000, "2024-05-24T12:23:02.4350000Z", "time", "explicit", 1
    )
    assert made.extra["durationMs"] == -1021


def test_without_a_time_the_ticks_are_read() -> None:
    made = draft()
    record = {**{key: value for key, value in CALL.items() if key != "time"}, "TimeGenerated": ""}
    assert read_azure_openai(record, made)
    assert made.when is not None
    assert (made.when.us, made.when.zone) == (
        1_715_929_481_539_415,
        "assumed:.NET ticks, read as UTC",
    )


def test_an_exported_table_spells_its_columns_otherwise() -> None:
    made = draft()
    row = {"TimeGenerated [UTC]": "2024-05-24T12:23:02Z", "Category": "RequestResponse", "OperationName": "X",
           "CallerIPAddress": "81.2.69.***", "CorrelationId": "c", "properties_s": json.dumps(PROPERTIES),
           "DurationMs": "12"}  # fmt: skip
    assert read_azure_openai(row, made)
    assert {key: made.fields[key] for key in ("ip", "request_id", "latency_ms", "model")} == {
        "ip": "81.2.69.***", "request_id": "c", "latency_ms": 12, "model": "gpt-x",
    }  # fmt: skip


URL = "https://x.azure-api.net/openai/deployments/pilot/chat/completions?api-version=2024-02-01"
ASKED = '{"messages":[{"role":"user","content":"Capital?"}],"temperature":0}'


def gateway(asked: str, answered: str, **more: Any) -> dict[str, Any]:
    return {
        "time": "2024-07-02T06:14:56.2371877Z",
        "category": "GatewayLogs",
        "operationName": "Microsoft.ApiManagement/GatewayLogs",
        "callerIpAddress": "198.18.7.1",
        "correlationId": "c-2",
        "durationMs": 453,
        "properties": {"url": URL, "responseCode": 200, "requestBody": asked, "backendRequestBody": asked,
                       "responseBody": answered, "apiId": "a"},
        "truncated": 0,
        **more,
    }  # fmt: skip


def test_the_gateways_bodies_are_opened() -> None:
    made = draft()
    said = {"role": "assistant", "content": "Bern."}
    answer = json.dumps({"id": "chatcmpl-1", "model": "gpt-x", "choices": [{"message": said}]})
    assert read_apim(gateway(ASKED, answer), made)
    assert (made.prompt, made.output, made.missing) == ("Capital?", "Bern.", ())
    wanted = {
        "status": 200,
        "ip": "198.18.7.1",
        "endpoint": URL,
        "api_version": "2024-02-01",
        "model": "gpt-x",
        "model_requested": "pilot",
        "latency_ms": 453,
        "temperature": 0.0,
        "upstream_id": "chatcmpl-1",
    }
    assert {key: made.fields[key] for key in wanted} == wanted
    assert made.extra["properties"] == {"apiId": "a"}


def test_a_body_cut_at_the_gateways_limit_is_kept_and_told() -> None:
    made, refused, streamed = draft(), draft(), draft()
    assert read_apim(gateway(ASKED[:30], ""), made)
    assert (made.prompt, made.missing) == (ASKED[:30], ("truncated",))
    assert read_apim(gateway(ASKED, '{"error":{"code":"content_filter"}}', truncated=1), refused)
    assert (refused.fields["error"], refused.missing) == ("content_filter", ("truncated",))
    assert read_apim(gateway(ASKED, 'data: {"choices":[{"delta":{"content":"Yo"}}]}\n\n'), streamed)
    assert (streamed.output, streamed.fields["stream"]) == ("Yo", 1)


def row(number: int, asked: str = "", answered: str = "", **more: Any) -> dict[str, Any]:
    return {"TimeGenerated": f"2026-02-03T04:05:0{number}Z", "CorrelationId": "c-3", "SequenceNumber": number,
            "RequestMessages": asked, "ResponseMessages": answered, **more}  # fmt: skip


def test_rows_cut_at_32_kb_are_strung_together_by_their_numbers() -> None:
    whole = '[{"role":"user","content":"What is the capital?"}]'
    rows = [
        row(
            0,
            whole[:20],
            ModelName="gpt-x",
            PromptTokens=9,
            DeploymentName="pilot",
            IsStreamCompletion=True,
        ),
        row(2, "", '[{"role":"assistant","content":"Bern."}]'),
        row(1, whole[20:]),
    ]
    assert {apim_llm_key(each) for each in rows} == {"c-3"}
    made = draft()
    assert read_apim_llm(merge_apim_llm(rows), made)
    assert (made.prompt, made.output, made.missing) == ("What is the capital?", "Bern.", ())
    assert made.fields["model"] == "gpt-x"
    assert (made.fields["stream"], made.fields["input_tokens"]) == (1, 9)
    assert made.when is not None
    assert made.when.raw == "2026-02-03T04:05:00Z"


def test_a_row_that_is_missing_is_told() -> None:
    rows = [row(0, "[{"), row(2, "", "[]")]
    merged, alone = draft(), draft()
    assert read_apim_llm(merge_apim_llm(rows), merged)
    assert (merged.missing, merged.extra["rowsMissing"]) == (("truncated",), [1])
    assert read_apim_llm(row(3, "x"), alone)
    assert (alone.prompt, alone.missing) == ("x", ("truncated",))
    assert (merged.extra["rows"], alone.extra["rows"]) == ([0, 2], [3])
    assert merged.fields["joint"] == alone.fields["joint"] == "apim/rows"


def test_a_row_alone_with_the_first_number_needs_no_list_of_rows() -> None:
    made, whole = draft(), draft()
    assert read_apim_llm(row(0, "x"), made)
    assert read_apim({**gateway("", "")}, whole)
    assert "rows" not in made.extra
    assert whole.fields["joint"] == "apim/part"


def test_rows_in_the_diagnostic_form() -> None:
    held = {
        "sequenceNumber": 0,
        "requestMessages": [{"role": "user", "content": "Hi"}],
        "modelName": "gpt-x",
    }
    record = {
        "time": "2026-02-03T04:05:06Z",
        "category": "GatewayLlmLogs",
        "correlationId": "c",
        "properties": held,
    }
    assert recognise(record) == "Azure API Management, models"
    made = draft()
    assert read_apim_llm(record, made)
    assert (made.prompt, made.fields["model"]) == ("Hi", "gpt-x")


@pytest.mark.parametrize(
    "record",
    [{}, {"category": "RequestResponse"}, {"category": [], "time": 1}, {"SequenceNumber": 1}],
)
def test_other_records_are_left_alone(record: dict[str, Any]) -> None:
    assert recognise(record) == ""
    assert apim_llm_key(record) == ""


def test_hostile_values_do_no_harm() -> None:
    odd = {**CALL, "properties": "{cut", "durationMs": [], "time": {}}
    assert read_azure_openai(odd, draft())
    assert read_apim({**gateway("[" * 500, "]"), "truncated": []}, draft())
    assert read_apim_llm(merge_apim_llm([row(0), {**row(1), "SequenceNumber": "x"}]), draft())


def test_a_row_of_the_gateways_own_table() -> None:
    made = draft()
    record = {
        "TimeGenerated": "2024-07-02T06:14:56.2371877Z",
        "CorrelationId": "c",
        "CallerIpAddress": "198.18.7.1",
        "Url": URL,
        "BackendUrl": URL,
        "ResponseCode": 200,
        "TotalTime": 12,
        "RequestBody": ASKED,
        "ResponseBody": "",
        "BackendRequestBody": ASKED,
    }
    assert recognise(record) == "Azure API Management"
    assert read_apim(record, made)
    assert made.prompt == "Capital?"
    wanted = {
        "status": 200,
        "ip": "198.18.7.1",
        "endpoint": URL,
        "latency_ms": 12,
        "request_id": "c",
    }
    assert {key: made.fields[key] for key in wanted} == wanted
    assert made.extra == {"backendUrl": URL}


def test_a_number_without_bounds_stops_nothing() -> None:
    made = draft()
    assert read_apim_llm(merge_apim_llm([row(0, "Hi"), row(10**18, "there")]), made)
    assert (made.prompt, made.missing) == ("Hithere", ("truncated",))


def test_a_row_of_a_number_that_is_there_is_shown_if_it_says_something_else() -> None:
    made = draft()
    assert read_apim_llm(merge_apim_llm([row(0, "Hi"), row(0, "Hi"), row(0, "Bye")]), made)
    assert (made.prompt, made.body) == ("Hi", "Bye")
    assert [each.kind for each in made.problems] == ["told-twice"]
    made = draft()
    assert read_apim_llm(merge_apim_llm([row(0, "Hi"), row(0, "Hi")]), made)
    assert (made.body, made.problems) == ("", ())


def test_the_portals_tables_name_their_zone_in_the_head() -> None:
    row = {"Category": "RequestResponse", "OperationName": "X", "CorrelationId": "c"}
    zones = []
    for head in ("TimeGenerated [UTC]", "TimeGenerated"):
        made = Draft(b"", Context())
        assert read_azure_openai({head: "2024/5/24 0:23:02.403", **row}, made)
        assert made.when is not None
        assert made.when.resolution_us == 1000
        zones.append(made.when.zone)
    assert zones[0] == "explicit"
    assert zones[1].startswith("assumed:")
