from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekit.ingest.dialects import recognise
from casekit.ingest.dialects.bedrock import read_bedrock
from casekit.ingest.dialects.cloud_audit import (
    read_azure_activity,
    read_cloudtrail,
    read_google_audit,
    read_office_audit,
)
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.nests import nest_of
from casekit.ingest.parsed import Context, Parsed, Party
from casekit.ingest.reading import format_of, read_any
from tests.ingest.records_case import items_in

ANN = "arn:aws:iam::111122223333:user/ann"
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
TRAIL: dict[str, Any] = {
    "eventVersion": "1.09",
    "userIdentity": {"type": "IAMUser", "arn": ANN, "accountId": "111122223333", "accessKeyId": "AKIAX",
                     "userName": "ann"},
    "eventTime": "2025-10-11T21:58:59Z", "eventSource": "bedrock.amazonaws.com",
    "eventName": "InvokeModelWithResponseStream", "awsRegion": "us-west-2", "sourceIPAddress": "192.0.2.7",
    "userAgent": "Boto3/1.28.62", "requestParameters": {"modelId": "anthropic.claude-3-sonnet"},
    "responseElements": None, "requestID": "a1b2", "eventID": "e1", "eventType": "AwsApiCall",
    "recipientAccountId": "111122223333", "tlsDetails": {"clientProvidedHostHeader": "bedrock.example"},
}  # fmt: skip
KEY_MADE = {
    **TRAIL, "eventSource": "iam.amazonaws.com", "eventName": "CreateAccessKey",
    "sourceIPAddress": "cloudformation.amazonaws.com",
}  # fmt: skip
GOOGLE: dict[str, Any] = {
    "protoPayload": {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "authenticationInfo": {"principalEmail": "ann@example.com"},
        "requestMetadata": {"callerIp": "2001:db8::11:22", "callerSuppliedUserAgent": "requests/2.31"},
        "serviceName": "aiplatform.googleapis.com",
        "methodName": "google.cloud.aiplatform.v1.PredictionService.StreamGenerateContent",
        "resourceName": "projects/p/locations/l/publishers/google/models/gemini-1.5-pro",
    },
    "insertId": "i1", "resource": {"labels": {"project_id": "p"}}, "timestamp": "2025-03-01T10:00:00.6Z",
}  # fmt: skip
AZURE: dict[str, Any] = {
    "caller": "ann@example.com", "claims": {"ipaddr": "203.0.113.9"}, "eventDataId": "d1",
    "category": {"value": "Administrative"}, "httpRequest": {"clientIpAddress": "203.0.113.9"},
    "operationName": {"value": "Microsoft.CognitiveServices/accounts/listKeys/action"},
    "eventTimestamp": "2025-02-01T09:00:00.1234567Z", "subscriptionId": "s1", "resourceId": "/x",
}  # fmt: skip
STREAMED = {
    "time": "2025-02-01T09:00:00Z", "operationName": "LISTKEYS/ACTION", "category": "Action",
    "callerIpAddress": "203.0.113.9:443", "correlationId": "c2",
    "identity": {"claims": {f"{CLAIMS}/upn": "ann@example.com", "appid": "app"}},
}  # fmt: skip
OFFICE: dict[str, Any] = {
    "CreationTime": "2025-05-05T05:05:05", "Id": "o1", "Operation": "CopilotInteraction", "UserId": "a@b.org",
    "OrganizationId": "org", "RecordType": 261, "Workload": "Copilot", "ClientIP": "[2001:db8::1]:50123",
    "CopilotEventData": {"AppHost": "Word", "ThreadId": "t1"},
}  # fmt: skip
AUDITED = (TRAIL, KEY_MADE, GOOGLE, AZURE, STREAMED, OFFICE)


def drafted(read: Any, record: dict[str, Any]) -> Draft:
    draft = Draft(json.dumps(record).encode(), Context())
    assert read(record, draft)
    return draft


def test_a_call_in_cloudtrail_says_who_from_where_and_which_model() -> None:
    assert recognise(TRAIL) == "AWS CloudTrail"
    draft = drafted(read_cloudtrail, TRAIL)
    assert (draft.kind, draft.title) == (
        "request",
        "InvokeModelWithResponseStream anthropic.claude-3-sonnet",
    )
    assert draft.when is not None
    assert draft.when.raw == TRAIL["eventTime"]
    assert draft.fields == {
        "request_id": "a1b2", "organisation": "111122223333", "account": ANN, "api_key": "AKIAX",
        "user_agent": "Boto3/1.28.62", "operation": "InvokeModelWithResponseStream", "ip": "192.0.2.7",
        "endpoint": "bedrock.example", "model": "anthropic.claude-3-sonnet", "stream": 1,
        "model_requested": "anthropic.claude-3-sonnet", "provider": "aws-bedrock", "joint": "bedrock/part",
    }  # fmt: skip
    assert draft.extra["awsRegion"] == "us-west-2"
    assert draft.extra["eventID"] == "e1"


def test_an_act_in_cloudtrail_is_a_record_and_a_service_is_no_address() -> None:
    draft = drafted(read_cloudtrail, KEY_MADE)
    assert (draft.kind, draft.title) == ("record", "CreateAccessKey by ann")
    assert draft.parties == (Party("actor", "ann", ""),)
    assert "ip" not in draft.fields
    assert "joint" not in draft.fields
    assert draft.extra["sourceIPAddress"] == "cloudformation.amazonaws.com"


def test_a_call_is_one_with_its_invocation_by_the_request_id() -> None:
    invoked = {"schemaType": "ModelInvocationLog", "requestId": "a1b2", "modelId": "m", "operation": "Converse",
               "input": {}, "timestamp": "2025-10-11T21:58:59Z"}  # fmt: skip
    parts = [drafted(read_bedrock, invoked), drafted(read_cloudtrail, TRAIL)]
    assert len({(each.fields["joint"], each.fields["request_id"]) for each in parts}) == 1
    alone = drafted(
        read_bedrock, {key: value for key, value in invoked.items() if key != "requestId"}
    )
    assert "joint" not in alone.fields


def test_a_refused_call_keeps_its_error_and_an_endpoint_of_sagemaker_its_name() -> None:
    refused = drafted(
        read_cloudtrail, {**TRAIL, "errorCode": "ThrottlingException", "errorMessage": "slow"}
    )
    assert refused.fields["error"] == "ThrottlingException"
    assert refused.extra["errorMessage"] == "slow"
    made = {**TRAIL, "eventSource": "sagemaker.amazonaws.com", "eventName": "InvokeEndpoint",
            "requestParameters": {"endpointName": "llama"}}  # fmt: skip
    found = drafted(read_cloudtrail, made)
    assert (found.fields["provider"], found.fields["model"]) == ("aws-sagemaker", "llama")
    assert "joint" not in found.fields


def test_a_call_without_a_request_id_is_joined_with_none() -> None:
    unnamed = drafted(read_cloudtrail, {k: v for k, v in TRAIL.items() if k != "requestID"})
    assert unnamed.fields["request_id"] == "e1"
    assert "joint" not in unnamed.fields


def test_google_tells_calls_from_acts_and_reads_bodies_where_they_are_logged() -> None:
    assert recognise(GOOGLE) == "Google Cloud audit logs"
    draft = drafted(read_google_audit, GOOGLE)
    assert (draft.kind, draft.fields["model"]) == ("request", "gemini-1.5-pro")
    assert (draft.fields["ip"], draft.fields["account"]) == ("2001:db8::11:22", "ann@example.com")
    assert (draft.fields["project"], draft.fields["stream"]) == ("p", 1)
    asked = {"contents": [{"role": "user", "parts": [{"text": "Why?"}]}]}
    answered = {"candidates": [{"content": {"role": "model", "parts": [{"text": "So."}]}}]}
    said = {**GOOGLE["protoPayload"], "request": asked, "response": answered}
    whole = drafted(read_google_audit, {**GOOGLE, "protoPayload": said})
    assert (whole.kind, whole.prompt, whole.output) == ("exchange", "Why?", "So.")
    act = {**GOOGLE["protoPayload"], "serviceName": "iam.googleapis.com",
           "methodName": "google.iam.admin.v1.CreateServiceAccountKey",
           "status": {"code": 7, "message": "PERMISSION_DENIED"},
           "requestMetadata": {"callerIp": "private"}}  # fmt: skip
    done = drafted(read_google_audit, {**GOOGLE, "protoPayload": act})
    assert (done.kind, done.title) == ("record", "CreateServiceAccountKey by ann@example.com")
    assert done.fields["error"] == "PERMISSION_DENIED"
    assert "ip" not in done.fields


@pytest.mark.parametrize("record", [AZURE, STREAMED], ids=["of the API", "streamed"])
def test_an_act_in_azure_names_the_caller_and_the_address(record: dict[str, Any]) -> None:
    assert recognise(record) == "Azure activity log"
    draft = drafted(read_azure_activity, record)
    assert (draft.kind, draft.fields["account"]) == ("record", "ann@example.com")
    assert draft.fields["ip"] == "203.0.113.9"
    assert draft.when is not None
    assert draft.title.lower().endswith("listkeys/action by ann@example.com")


def test_a_port_stays_where_it_was() -> None:
    assert drafted(read_azure_activity, STREAMED).extra["callerIpAddress"] == "203.0.113.9:443"
    draft = drafted(read_office_audit, OFFICE)
    assert (draft.fields["ip"], draft.extra["ClientIP"]) == ("2001:db8::1", "[2001:db8::1]:50123")


def test_an_entry_of_microsoft_365_is_in_utc_and_the_same_as_a_row_of_a_table() -> None:
    assert recognise(OFFICE) == "Microsoft 365 audit log"
    draft = drafted(read_office_audit, OFFICE)
    assert draft.when is not None
    assert (draft.when.raw, draft.when.zone) == ("2025-05-05T05:05:05", "explicit")
    assert (draft.fields["conversation_id"], draft.title) == (
        "t1",
        "CopilotInteraction by a@b.org",
    )
    row = {"RecordId": "o1", "CreationDate": "2025-05-05T05:05:05.0000000Z", "RecordType": "261",
           "Operation": "CopilotInteraction", "UserId": "a@b.org", "AuditData": json.dumps(OFFICE)}  # fmt: skip
    assert recognise(row) == "Microsoft 365 audit log"
    again = drafted(read_office_audit, row)
    assert again.when is not None
    assert again.when.us == draft.when.us
    assert again.fields == draft.fields


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"Records": [TRAIL, KEY_MADE]}, "CloudTrail log file"),
        ({"Events": [{"CloudTrailEvent": json.dumps(TRAIL)}] * 2}, "CloudTrail events looked up"),
        ({"entries": [GOOGLE, GOOGLE], "nextPageToken": "x"}, "Google Cloud log entries"),
        ({"value": [AZURE, AZURE]}, "Azure activity log"),
        ({"records": [STREAMED, STREAMED]}, "Azure event hub"),
    ],
)  # fmt: skip
def test_files_of_each_are_parted_into_their_events(document: dict[str, Any], name: str) -> None:
    nest = nest_of(document)
    assert nest is not None
    assert nest.name == name
    items = items_in(document)
    assert len(items) == 2
    assert all(each.exchange is not None and each.exchange.provider for each in items)


def test_a_file_cut_off_keeps_its_whole_events(tmp_path: Path) -> None:
    data = "\n".join(json.dumps({**TRAIL, "requestID": str(n)}) for n in range(5)).encode()
    cut = data[: len(data) - 200]
    found = list(read_any(cut, Context(), format_of(cut, "x")))
    items = [each for each in found if isinstance(each, Parsed)]
    assert [each.exchange.request_id for each in items if each.exchange] == ["0", "1", "2", "3"]


def test_an_event_looked_up_keeps_what_stands_beside_it() -> None:
    record = {
        "EventId": "e1",
        "CloudTrailEvent": json.dumps(TRAIL),
        "Resources": [{"ResourceName": "r"}],
    }
    draft = drafted(read_cloudtrail, record)
    assert draft.extra["lookup"] == {"EventId": "e1", "Resources": [{"ResourceName": "r"}]}
    assert not read_cloudtrail({"CloudTrailEvent": "no event"}, Draft(b"", Context()))
