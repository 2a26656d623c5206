"""What a cloud's own audit log says of calls of models, and of who changed keys, rights and settings there.

Source: AWS CloudTrail user guide, "CloudTrail record contents"; AWS Bedrock user guide, "Monitor Amazon Bedrock
API calls using CloudTrail"; googleapis `google/cloud/audit/audit_log.proto` and Cloud Logging `LogEntry`;
Azure Monitor "Azure activity log event schema"; Microsoft 365 "Office 365 Management Activity API schema".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from casekit.ingest.dialects.admin import put_entry
from casekit.ingest.dialects.calls import read_answered, read_asked, settle
from casekit.ingest.dialects.draft import Draft
from casekit.ingest.dialects.values import Source, look, opened, text_at

Record = dict[str, Any]

BEDROCK_CALL = "bedrock/part"
"""Joint of what CloudTrail and the log of invocations each say of one call, under the same request id."""


def _put_address(source: Source, draft: Draft, *paths: str) -> None:
    """The caller's address; where a cloud names one of its own services in its place, that stays in `extra`."""
    for path in paths:
        said = look(source.left, path)
        bare = _without_port(said) if type(said) is str else ""
        try:
            ipaddress.ip_address(bare)
        except ValueError:
            continue
        draft.fields["ip"] = bare
        if bare == said:
            source.take(path)
        return


def _without_port(said: str) -> str:
    if said.startswith("["):
        return said[1:].partition("]")[0]
    return said.partition(":")[0] if said.count(":") == 1 else said


# -- AWS CloudTrail --------------------------------------------------------------------------------

_TRAIL = {
    "time": ("eventTime",),
    "request_id": ("requestID", "eventID"),
    "organisation": ("recipientAccountId", "userIdentity.accountId"),
    "account": ("userIdentity.arn", "userIdentity.userName", "userIdentity.invokedBy",
                "userIdentity.principalId"),
    "api_key": ("userIdentity.accessKeyId",),
    "user_agent": ("userAgent",),
    "operation": ("eventName",),
    "error": ("errorCode",),
    "endpoint": ("tlsDetails.clientProvidedHostHeader",),
    "model_requested": ("requestParameters.modelId", "requestParameters.endpointName"),
}  # fmt: skip
_INVOKED = re.compile(
    r"InvokeModel|Converse|InvokeAgent|InvokeInlineAgent|InvokeFlow|InvokeEndpoint"
)
_SERVICES = ("bedrock", "sagemaker", "runtime.sagemaker")
_TRAIL_MARKS = {"eventVersion", "eventSource", "eventName", "eventTime"}


def is_looked_up(record: Mapping[str, Any]) -> bool:
    """Whether a record is an event as `lookup-events` of CloudTrail gives it, the event itself in a text."""
    return "CloudTrailEvent" in record


def is_trail(record: Mapping[str, Any]) -> bool:
    """Whether a record is an event of CloudTrail."""
    return record.keys() >= _TRAIL_MARKS


def read_cloudtrail(record: Record, draft: Draft) -> bool:
    """An event: a call of a model without its bodies, or an act of an administrator or a service."""
    if is_looked_up(record):
        inner = opened(record["CloudTrailEvent"])
        beside = {key: value for key, value in record.items() if key != "CloudTrailEvent"}
        record = {**inner, "lookup": beside} if type(inner) is dict else {}
    if not is_trail(record):
        return False
    source = Source(record)
    source.fill(draft, _TRAIL)
    _put_address(source, draft, "sourceIPAddress")
    what, service = text_at(record, "eventName"), text_at(record, "eventSource")
    if not service.startswith(_SERVICES) or not _INVOKED.match(what):
        put_entry(draft, "aws", what, "", source, text_at(record, "userIdentity.userName"))
        return True
    bedrock = service.startswith("bedrock")
    draft.fields["provider"] = "aws-bedrock" if bedrock else "aws-sagemaker"
    draft.fields["stream"] = int("Stream" in what)
    if model := draft.fields.get("model_requested"):
        draft.fields["model"] = model.rpartition("/")[2]
    if bedrock and text_at(record, "requestID"):
        draft.fields["joint"] = BEDROCK_CALL
    settle(draft, f"{what} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


# -- Google Cloud audit logs -----------------------------------------------------------------------

_GOOGLE = {
    "time": ("timestamp", "protoPayload.requestMetadata.requestAttributes.time"),
    "request_id": ("insertId",),
    "account": ("protoPayload.authenticationInfo.principalEmail",
                "protoPayload.authenticationInfo.principalSubject"),
    "api_key": ("protoPayload.authenticationInfo.serviceAccountKeyName",),
    "user_agent": ("protoPayload.requestMetadata.callerSuppliedUserAgent",),
    "project": ("resource.labels.project_id",),
    "operation": ("protoPayload.methodName",),
    "endpoint": ("protoPayload.serviceName",),
    "error": ("protoPayload.status.message",),
}  # fmt: skip
_GENERATED = re.compile(
    r"(?:Stream)?GenerateContent|(?:Server|Direct)?(?:Streaming)?(?:Raw)?Predict|StreamRawPredict|ChatCompletions"
)
_MODEL = re.compile(r"/(?:models|endpoints)/([^/:@]+)")


def is_google_audit(record: Mapping[str, Any]) -> bool:
    """Whether a record is an entry of Google Cloud's audit logs."""
    said = record.get("protoPayload")
    return type(said) is dict and "methodName" in said and "serviceName" in said


def read_google_audit(record: Record, draft: Draft) -> bool:
    """An entry: a call of a model, with its bodies where they are logged, or an administrative act."""
    if not is_google_audit(record):
        return False
    source = Source(record)
    source.fill(draft, _GOOGLE)
    _put_address(source, draft, "protoPayload.requestMetadata.callerIp")
    said = record["protoPayload"]
    method = str(said["methodName"]).rpartition(".")[2]
    found = _MODEL.search(text_at(said, "resourceName"))
    if not str(said["serviceName"]).startswith("aiplatform.") or not _GENERATED.fullmatch(method):
        put_entry(draft, "google-cloud", method, draft.fields.get("account", ""), source)
        return True
    draft.fields["provider"] = "vertex-ai"
    draft.fields["stream"] = int("Stream" in method)
    if found:
        draft.fields["model_requested"] = draft.fields["model"] = found[1]
    if look(said, "request.contents") or look(said, "request.instances"):
        read_asked(source.take("protoPayload.request"), draft)
    if look(said, "response.candidates") or look(said, "response.predictions"):
        read_answered(source.take("protoPayload.response"), draft)
    settle(draft, f"{method} {draft.fields.get('model', '')}")
    source.rest(draft)
    return True


# -- Azure activity log ----------------------------------------------------------------------------

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_ACTIVITY = {
    "time": ("eventTimestamp", "time", "TimeGenerated", "TimeGenerated [UTC]"),
    "request_id": ("eventDataId", "EventDataId", "correlationId", "CorrelationId"),
    "organisation": ("subscriptionId", "SubscriptionId", "tenantId"),
    "account": ("caller", "Caller", f"identity.claims.{_CLAIMS}/upn", f"identity.claims.{_CLAIMS}/name",
                "identity.claims.appid"),
    "operation": ("operationName.value", "operationName", "OperationNameValue"),
    "endpoint": ("resourceId", "resourceUri", "_ResourceId", "ResourceId"),
}  # fmt: skip
_ADDRESSES = (
    "httpRequest.clientIpAddress", "callerIpAddress", "CallerIpAddress", "claims.ipaddr",
    "identity.claims.ipaddr",
)  # fmt: skip
_EXPORTED = frozenset(("administrative", "action", "write", "delete"))


def is_azure_activity(record: Mapping[str, Any]) -> bool:
    """Whether a record is an event of the activity log: of its API, of a table, or as it is streamed."""
    if "eventTimestamp" in record and "operationName" in record and "caller" in record:
        return True
    if "OperationNameValue" in record and "Caller" in record:
        return True
    category = record.get("category")
    streamed = type(record.get("identity")) is dict and "operationName" in record
    return streamed and type(category) is str and category.lower() in _EXPORTED


def read_azure_activity(record: Record, draft: Draft) -> bool:
    """An act on a resource of a subscription, such as the reading of an account's keys."""
    if not is_azure_activity(record):
        return False
    source = Source(record)
    source.fill(draft, _ACTIVITY)
    _put_address(source, draft, *_ADDRESSES)
    what, who = draft.fields.get("operation", ""), draft.fields.get("account", "")
    put_entry(draft, "azure", what, who if "@" in who else "", source)
    return True


# -- Microsoft 365 ---------------------------------------------------------------------------------

_OFFICE = {
    "time": ("CreationTime", "CreationDate"),
    "request_id": ("Id", "RecordId"),
    "organisation": ("OrganizationId",),
    "account": ("UserId", "UserKey"),
    "operation": ("Operation", "Operations"),
    "conversation_id": ("CopilotEventData.ThreadId",),
    "model": ("CopilotEventData.ModelTransparencyDetails.ModelName",),
}
_OFFICE_MARKS = ({"CreationTime", "Operation", "UserId", "Workload"}, {"AuditData", "Operation", "RecordType"},
                 {"AuditData", "Operations", "RecordType"})  # fmt: skip


def read_office_audit(record: Record, draft: Draft) -> bool:
    """An entry of Microsoft 365's audit log, whose times are UTC, or a row of Purview's table of them."""
    if not any(record.keys() >= marks for marks in _OFFICE_MARKS):
        return False
    inner = opened(record.get("AuditData"))
    whole = type(inner) is dict
    held = {**inner, **{k: v for k, v in record.items() if k != "AuditData"}} if whole else record
    source = Source(held)
    source.fill(draft, _OFFICE)
    if draft.when is not None and draft.when.zone.startswith("assumed"):
        draft.when = structs.replace(draft.when, zone="explicit")
    _put_address(source, draft, "ClientIP", "ClientIPAddress", "ActorIpAddress")
    who = draft.fields.get("account", "")
    put_entry(
        draft, "microsoft-365", draft.fields.get("operation", ""), who if "@" in who else "", source
    )
    return True
