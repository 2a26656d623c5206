from __future__ import annotations

from typing import Any

import pytest

from casekit.ingest.columns import columns_of
from casekit.ingest.expected import lacking, lacking_in
from casekit.ingest.filing import laid_out, new_item
from casekit.ingest.parsed import Exchange, Parsed, When
from casekit.ops.items import NewItem
from tests.ingest.test_columns import record


def item(kind: str, collection: str = "other", **values: Any) -> NewItem:
    columns = {"kind": kind, "collection": collection}
    if values.pop("dated", False):
        columns["sent_us"] = 1  # type: ignore[assignment]
    return NewItem(columns, **values)


FULL = {"model": "m", "account": "a", "ip": "1.2.3.4"}
BOTH = (("from", "", "a@x"), ("cc", "", "b@x"))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            item("exchange", "outputs", exchange={"completeness": "no-time no-prompt"}),
            ["no-time", "no-prompt", "no-model"],
        ),
        (item("exchange", "outputs", exchange={"model": "m"}), []),
        (item("exchange", "api-log", exchange={"model": "m"}), ["no-account", "no-ip"]),
        (item("exchange", "api-log", exchange=FULL), []),
        (item("exchange", "api-log", exchange={**FULL, "account": "", "api_key": "k"}), []),
        (item("request"), ["no-time", "no-ip", "no-status"]),
        (item("request", dated=True, exchange={"ip": "1.2.3.4", "status": 200}), []),
        (item("record"), ["no-time", "no-account"]),
        (item("record", dated=True, exchange={"organisation": "o"}), []),
        (item("mail"), ["no-time", "no-sender", "no-recipient", "no-message-id"]),
        (item("mail", dated=True, parties=BOTH, mail={"message_id": "<1@x>"}), []),
        (item("message"), ["no-time", "no-sender"]),
        (item("message", dated=True, parties=BOTH[:1]), []),
        (item("event"), ["no-time"]),
        (item("contact", parties=(("contact", "Ann", ""),)), ["no-address"]),
        (item("contact", parties=BOTH), []),
        (item("document"), ["no-text"]),
        (item("document", texts=(("body", "text"),)), []),
        (item("file"), []),
        (item("image"), []),
    ],
)
def test_what_is_expected_of_a_kind_and_is_not_there_is_named(
    made: NewItem, words: list[str]
) -> None:
    assert lacking(made) == words


LOGGED = Exchange(model="m", api_key="k", ip="1.2.3.4", status=200)


@pytest.mark.parametrize(
    "made",
    [
        record(0, exchange=Exchange(model="m", completeness=("no-output", "sampled"))),
        record(1, collection="api-log"),
        record(2, collection="api-log", exchange=LOGGED),
        record(3, kind="request", exchange=Exchange(ip="1.2.3.4"), when=When(1, "1", "ts")),
        record(4, kind="request", when=None),
        record(5, kind="record", exchange=Exchange(project="p")),
        record(6, kind="message"),
        record(7, kind="document"),
        record(8, kind="document", texts=()),
        record(9, kind="event", when=None),
    ],
    ids=lambda made: f"{made.kind}-{made.steps[0].offset}",
)
def test_items_laid_out_as_columns_lack_the_same(made: Parsed) -> None:
    columns = columns_of([made, made])
    assert columns is not None
    words = lacking(new_item(made, "log"))
    assert lacking_in(laid_out(columns, "log")) == dict.fromkeys(words, 2)
