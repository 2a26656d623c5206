from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from casekit.progress import Silent
from casekit.queries import filters
from casekit.queries.filters import All, And, FieldIs, Node, Not, NumberRange, Or, Words
from casekit.queries.matching import Phrase
from casekit.search import filling, language
from casekit.store import tables as t
from casekit.store.case import Case
from tests.search.builders import add, problem

JANUARY = 1_736_000_000_000_000  # 2025-01-04T14:13:20Z


@pytest.fixture
def matter(case: Case) -> Case:
    """Five items that differ in everything a filter can ask for."""
    with case.write() as s:
        mail = add(
            s, kind="mail", collection="correspondence", title="Price list", sent_us=JANUARY,
            texts={"body": "The price list is attached."}, custodian="Ana Ruiz", tags=["issue/harvest"],
            mail={"message_id": "<m1@example.com>", "subject": "Price list"},
            parties=[("from", "Bob MÜLLER", "bob@example.com"), ("to", "Eve", "eve@x.org"),
                     ("cc", "", "c@x.org")],
            media_type="message/rfc822", language="en",
        )  # fmt: skip
        add(s, title="list.pdf", name="100%_list.pdf", parent_id=mail, media_type="application/pdf",
            texts={"page/1": "price"}, sent_us=JANUARY)  # fmt: skip
        add(
            s, kind="exchange", collection="api-log",
            texts={"prompt": "Why?", "output": "Because of the price."},
            exchange={"model": "Model-1", "account": "acct_9001", "ip": "10.0.0.1", "status": 429,
                      "request_id": "req_1", "conversation_id": "conv-7"},
            sent_us=JANUARY + 60 * 86_400_000_000, tags=["hot"],
        )  # fmt: skip
        add(s, kind="exchange", collection="outputs", texts={"output": "Fine."}, role="source",
            exchange={"model": "model-2", "account": "acct_1"})  # fmt: skip
        add(s, kind="image", media_type="image/png")
        s.execute(insert(t.exhibit).values(label="A-1", item_id=mail, position=1))
        s.execute(insert(t.privilege).values(item_id=3, basis="counsel", by="me", at_us=0))
        s.execute(insert(t.note).values(item_id=2, text="n", author="me", at_us=0))
        s.execute(insert(t.mail_thread).values(item_id=mail, thread_id=11))
        problem(s, "bad-json", item_id=5)
    filling.index_pending(case, Silent())
    return case


def ids(case: Case, node: Node, *, walk: bool = False) -> list[int]:
    with case.read() as s:
        query = select(t.item.c.id).where(filters.where(node, walk=walk)).order_by(t.item.c.id)
        return list(s.execute(query).scalars())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind:mail", [1]), ("in:outputs", [4]), ("model:MODEL-1", [3]), ("model:model-?", [3, 4]),
        ("account:acct_9*", [3]), ("account:acct", []), ("ip:10.0.0.1", [3]), ('custodian:"ana ruiz"', [1]),
        ("tag:issue", [1]), ("tag:issue/harvest", [1]), ("tag:iss", []), ("tag:*", [1, 3]), ("tag:i*", [1]),
        ("from:bob", [1]), ("from:müller", [1]), ("from:*@example.com", [1]), ("from:eve", []),
        ("to:x.org", [1]), ("cc:x.org", [1]), ("bcc:x.org", []), ("subject:price", [1]), ("title:list", [1, 2]),
        ("name:list.pdf", [2]), ("name:100%_", [2]), ("name:1_0", []), ("name:*.pdf", [2]),
        ("date:2025", [1, 2, 3]), ("date:2025-01-04", [1, 2]), ("date:..2025-01", [1, 2]),
        ("date:2025-02..", [3]),
        ("NOT date:2025", [4, 5]), ("exhibit:a-1", [1]), ("has:exhibit", [1]), ("privileged:yes", [3]),
        ("privileged:no", [1, 2, 4, 5]), ("has:attachment", [1]), ("has:note", [2]), ("has:problem", [5]),
        ("has:text", [1, 2, 3, 4]), ("has:tag", [1, 3]), ("id:2", [2]), ("id:2..3", [2, 3]), ("id:4..", [4, 5]),
        ("message-id:m1@example.com", [1]), ("message-id:<m1@example.com>", [1]), ("message-id:m1*", [1]),
        ("thread:11", [1]), ("thread:conv-7", [3]), ("role:source", [4]), ("status:429", [3]),
        ("status:400..499", [3]), ("status:4*", [3]), ("NOT status:429", [1, 2, 4, 5]),
        ("request-id:req_1", [3]),
        ("language:en", [1]), ("type:pdf", [2]), ("type:image/*", [5]), ("price", [1, 2, 3]),
        ("output:price", [3]),
        ("prompt:why", [3]), ("body:price -attached", [2]), ("people:acct_9001", [3]), ("-price", [4, 5]),
        ("price (kind:mail OR kind:exchange)", [1, 3]), ("subject:price OR output:fine", [1, 4]),
        ("*", [1, 2, 3, 4, 5]),
        ('"price list" NOT output:x', [1]), ("(price OR fine) -kind:mail -attached", [2, 3, 4]),
    ],
)  # fmt: skip
def test_every_field_finds_its_items(matter: Case, query: str, expected: list[int]) -> None:
    node = language.parse(query)
    assert ids(matter, node) == expected
    assert ids(matter, node, walk=True) == expected


def test_parts_combine_as_in_logic(matter: Case) -> None:
    mail, price = FieldIs("kind", "mail"), Words((Phrase("price"),))
    assert ids(matter, And((mail, price))) == [1]
    assert ids(matter, Or((mail, Not(price)))) == [1, 4, 5]
    assert ids(matter, And(())) == ids(matter, All()) == [1, 2, 3, 4, 5]
    assert ids(matter, Or(())) == []
    assert ids(matter, NumberRange("id", None, 1)) == [1]


def test_words_alone_become_one_expression() -> None:
    node = language.parse("(a OR b) c -d")
    assert filters.expression(node) == (
        "entry",
        '(("a") OR ("b")) AND ("c")'.join("()") + ' NOT (("d"))',
    )
    assert filters.expression(language.parse("a 合同")) is None
    assert filters.expression(language.parse("-a")) is None
