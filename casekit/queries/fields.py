"""Conditions on an item's fields: what `account:`, `date:` or `has:` in a query stand for in portable SQL."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, not_, or_, select

from casekit.queries import clearance, clusters, facets, times
from casekit.queries.conversations import IS_MESSAGE, NAME
from casekit.queries.tree import SHA256_HEX, DateRange, FieldIs, NumberRange
from casekit.store.cluster_tables import named_cluster, named_cluster_item
from casekit.store.coding_tables import coding, coding_template
from casekit.store.people_tables import person, person_alias
from casekit.store.tables import (
    custodian,
    exchange,
    exchange_join,
    exhibit,
    item,
    item_party,
    item_tag,
    item_text,
    item_tier,
    mail,
    mail_thread,
    note,
    original,
    privilege,
    problem,
    receipt,
    tag,
)

Condition = ColumnElement[bool]


def field_is(node: FieldIs) -> Condition:
    """The items whose field has the value."""
    return _FIELDS[node.field](node)


def date_range(node: DateRange, *, surely: bool = False) -> Condition:
    """The items with a time in the range; of doubtful times those that may, or surely, lie in it."""
    return times.in_range(node.start_us, node.stop_us, surely=surely)


def number_range(node: NumberRange) -> Condition:
    """The items whose number lies in the range."""
    value: ColumnElement[Any] = item.c.id if node.field == "id" else exchange.c.status
    bounds: list[Condition] = [value.is_not(None)]
    if node.low is not None:
        bounds.append(value >= node.low)
    if node.high is not None:
        bounds.append(value <= node.high)
    return and_(*bounds) if node.field == "id" else _in(exchange.c.item_id, *bounds)


def _same(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """Equal but for case, or fitting the pattern."""
    low = func.lower(value)
    if node.pattern:
        return or_(*(low.like(_like(v), escape="\\") for v in _spellings(node.value)))
    return low.in_(_spellings(node.value))


def _contains(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """Occurring anywhere but for case, or the whole fitting the pattern."""
    low = func.lower(value)
    either = "" if node.pattern else "%"
    like = _like if node.pattern else _literal
    return or_(
        *(low.like(f"{either}{like(v)}{either}", escape="\\") for v in _spellings(node.value))
    )


def _spellings(value: str) -> list[str]:
    """The value as SQLite's lower() leaves it (ASCII alone), in the usual cases of other letters."""
    forms = {value, value.lower(), value.upper(), value.title()} if not value.isascii() else {value}
    return sorted({"".join(c.lower() if c.isascii() else c for c in form) for form in forms})


def _literal(value: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", value)


def _like(pattern: str) -> str:
    return _literal(pattern).replace("*", "%").replace("?", "_")


def _in(ids: ColumnElement[Any], *conditions: Condition) -> Condition:
    return item.c.id.in_(select(ids).where(*conditions))


def _listed(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """Like `_same` for a column that leads an index: tests each distinct value once, then seeks it."""
    known = select(func.min(value).label("value")).cte(recursive=True)
    above = select(func.min(value)).where(value > known.c.value).scalar_subquery()
    known = known.union_all(select(above).where(known.c.value.is_not(None)))
    return value.in_(select(known.c.value).where(_same(known.c.value, node)))


def _with_parts(ids: Any) -> Condition:
    """Items by a select of ids, and what the same exchange has in other files."""
    mine, others = exchange_join.alias("mine"), exchange_join.alias("others")
    any_join = exists(select(exchange_join.c.item_id))  # else nothing is looked up a second time
    known = select(*ids.subquery().c).where(any_join)
    beside = select(others.c.item_id).where(
        others.c.join_id.in_(select(mine.c.join_id).where(mine.c.item_id.in_(known)))
    )
    return or_(item.c.id.in_(ids), item.c.id.in_(beside))


def _exchange(name: str) -> Callable[[FieldIs], Condition]:
    def condition(node: FieldIs) -> Condition:
        return _in(exchange.c.item_id, _same(exchange.c[name], node))

    return condition


def _faceted(name: str) -> Callable[[FieldIs], Condition]:
    def condition(node: FieldIs) -> Condition:
        found = facets.having(name, lambda value: _same(value, node))
        return item.c.id.in_(found) if name == facets.LANGUAGE else _with_parts(found)

    return condition


def _party(*roles: str) -> Callable[[FieldIs], Condition]:
    def condition(node: FieldIs) -> Condition:
        who = or_(_contains(item_party.c.address, node), _contains(item_party.c.name, node))
        return _in(item_party.c.item_id, item_party.c.role.in_(roles), who)

    return condition


def _item(name: str) -> Callable[[FieldIs], Condition]:
    """One of the few words that a column can hold: as it is, so that the index by it is used."""
    return lambda node: item.c[name] == node.value


def _received(*conditions: Condition) -> Condition:
    return item.c.original_id.in_(select(receipt.c.original_id).where(*conditions))


def _custodian(node: FieldIs) -> Condition:
    return _received(
        receipt.c.custodian_id.in_(select(custodian.c.id).where(_same(custodian.c.name, node)))
    )


def _tag(node: FieldIs) -> Condition:
    """The tag itself or one below it: `issue` is also `issue/harvest`."""
    low, like = func.lower(tag.c.name), _like if node.pattern else _literal
    below = (low.like(like(v) + "/%", escape="\\") for v in _spellings(node.value))
    named = select(tag.c.id).where(or_(_same(tag.c.name, node), *below))
    return _in(item_tag.c.item_id, item_tag.c.tag_id.in_(named))


def _coded(node: FieldIs) -> Condition:
    """`name` with any value, or `name=value`, wherever that field is kept: see `queries.templates`."""
    name, sign, value = node.value.partition("=")
    name = name.lower()
    wanted = FieldIs("coded", value, node.pattern)
    own = [coding.c.field == name]
    if sign:
        own.append(_has_line(coding.c.value, wanted))
    found = [_in(coding.c.item_id, *own)]
    if name == "privilege":
        states = (clearance.PRIVILEGED, clearance.CLEARED)
        chosen = [state for state in states if not sign or value.lower() == state]
        found += [clearance.in_state(state) for state in chosen]
    elif name == "basis":
        found.append(
            _in(privilege.c.item_id, *([_same(privilege.c.basis, wanted)] if sign else []))
        )
    elif name == "confidentiality":
        found.append(_in(item_tier.c.item_id, *([_same(item_tier.c.tier, wanted)] if sign else [])))
    elif not sign:
        found += [
            and_(_tag(FieldIs("tag", name)), _is_bound(kind, name)) for kind in ("flag", "tags")
        ]
    else:
        below = _tag(FieldIs("tag", f"{name}/{value}", node.pattern))
        found.append(and_(below, _is_bound("tags", name)))
        if value.lower() == "yes":
            found.append(and_(_tag(FieldIs("tag", name)), _is_bound("flag", name)))
    return or_(*found)


def _has_line(value: ColumnElement[Any], node: FieldIs) -> Condition:
    """A line of the text is the value, or fits the pattern."""
    lines = literal("\n", String) + func.lower(value) + literal("\n", String)
    like = _like if node.pattern else _literal
    return or_(*(lines.like(f"%\n{like(v)}\n%", escape="\\") for v in _spellings(node.value)))


def _is_bound(kind: str, name: str) -> Condition:
    """Whether a template has the field, and has it as tags."""
    known = _has_line(coding_template.c.bound, FieldIs("", f"{kind}:{name}"))
    return exists(select(coding_template.c.id).where(known))


def _has(node: FieldIs) -> Condition:
    owners: dict[str, ColumnElement[Any]] = {
        "attachment": item.alias().c.parent_id, "exhibit": exhibit.c.item_id, "note": note.c.item_id,
        "problem": problem.c.item_id, "tag": item_tag.c.item_id, "text": item_text.c.item_id,
    }  # fmt: skip
    owner = owners[node.value]
    return _in(owner, owner.is_not(None))


def _privileged(node: FieldIs) -> Condition:
    marked = item.c.id.in_(select(privilege.c.item_id))
    return marked if node.value == "yes" else not_(marked)


def _thread(node: FieldIs) -> Condition:
    spoken = _in(exchange.c.item_id, _same(exchange.c.conversation_id, node))
    if not node.value.isdecimal() or len(node.value) > 18:
        return spoken
    return or_(spoken, _in(mail_thread.c.item_id, mail_thread.c.thread_id == int(node.value)))


def _conversation(node: FieldIs) -> Condition:
    """Messages of the conversation, and exchanges whose log gives them this one."""
    named = select(NAME.label("name")).select_from(item).where(IS_MESSAGE)
    known = named.distinct().subquery()
    names = select(known.c.name).where(_same(known.c.name, node))
    said = item.c.id.in_(select(item.c.id).where(IS_MESSAGE, NAME.in_(names)).correlate(None))
    return or_(said, _faceted("conversation_id")(node))


def _person(node: FieldIs) -> Condition:
    """What a person appears in, by every address, name and account united under that name.

    Where nobody has united anything under it, whoever bears it in mails and messages.
    """
    mine = select(person.c.id).where(_same(person.c.name, node))
    shown = person_alias.c.person_id.in_(mine)

    def values(kind: str) -> Any:
        return select(person_alias.c.value).where(person_alias.c.kind == kind, shown)

    party = item_party.c
    keys = _in(exchange.c.item_id, exchange.c.api_key.in_(values("key")))
    users = _in(exchange.c.item_id, exchange.c.end_user.in_(values("end-user")))
    theirs = or_(
        _in(party.item_id, func.lower(func.trim(party.address)).in_(values("address"))),
        _in(party.item_id, party.address == "", party.name.in_(values("name"))),
        _with_parts(facets.having("account", lambda value: value.in_(values("account")))),
        keys,
        users,
    )
    named = or_(
        _in(party.item_id, or_(_contains(party.address, node), _contains(party.name, node))),
        _faceted("account")(node),
    )
    decided = exists(select(person_alias.c.id).where(shown))
    return or_(and_(decided, theirs), and_(not_(decided), named))


def _message_id(node: FieldIs) -> Condition:
    bare = node.value.strip("<>")
    if node.pattern:
        return _in(
            mail.c.item_id, _contains(mail.c.message_id, FieldIs(node.field, f"*{bare}*", True))
        )
    return _in(mail.c.item_id, mail.c.message_id.in_([f"<{bare}>", bare]))


def _original(node: FieldIs) -> Condition:
    return item.c.original_id.in_(
        select(original.c.id).where(_starts(original.c.sha256, node.value))
    )


def _starts(value: ColumnElement[Any], prefix: str) -> Condition:
    """A hash that starts with these hex digits (as many as there are)."""
    low, high = (bytes.fromhex(prefix.ljust(SHA256_HEX, digit)) for digit in "0f")
    return value.between(literal(low), literal(high))


def _status(node: FieldIs) -> Condition:
    return _in(exchange.c.item_id, _same(cast(exchange.c.status, String), node))


def _model(node: FieldIs) -> Condition:
    asked = _in(
        exchange.c.item_id, exchange.c.model.is_(None), _same(exchange.c.model_requested, node)
    )
    named = select(exchange.c.item_id).where(_listed(exchange.c.model, node))
    return or_(_with_parts(named), asked)


def _cluster(node: FieldIs) -> Condition:
    """The items that a named cluster had when it was named."""
    there = named_cluster.c.gone_us.is_(None)
    known = select(named_cluster.c.id).where(there, _same(named_cluster.c.name, node))
    return _in(named_cluster_item.c.item_id, named_cluster_item.c.cluster_id.in_(known))


def _media_type(node: FieldIs) -> Condition:
    """A whole media type as it is, a part of one such as `pdf` wherever it stands."""
    whole = "/" in node.value and not node.pattern
    return (_same if whole else _contains)(item.c.media_type, node)


_FIELDS: dict[str, Callable[[FieldIs], Condition]] = {
    "account": _faceted("account"),
    "bcc": _party("bcc"),
    "cc": _party("cc"),
    "cluster": _cluster,
    "coded": _coded,
    "conversation": _conversation,
    "custodian": _custodian,
    "exhibit": lambda node: _in(exhibit.c.item_id, _same(exhibit.c.label, node)),
    "from": _party("from", "sender"),
    "has": _has,
    "hidden": lambda node: item.c.id.in_(facets.hidden(node.value)),
    "in": _item("collection"),
    "ip": _faceted("ip"),
    "key": _exchange("api_key"),
    "kind": _item("kind"),
    "language": _faceted(facets.LANGUAGE),
    "message-id": _message_id,
    "model": _model,
    "name": lambda node: _contains(item.c.name, node),
    "near": lambda node: clusters.near(node.value),
    "original": _original,
    "person": _person,
    "privilege": lambda node: clearance.in_state(node.value),
    "privileged": _privileged,
    "request-id": _exchange("request_id"),
    "role": lambda node: _received(_same(receipt.c.role, node)),
    "sha256": lambda node: _starts(item.c.sha256, node.value),
    "status": _status,
    "tag": _tag,
    "thread": _thread,
    "time": lambda node: times.in_state(node.value),
    "to": _party("to"),
    "topic": lambda node: clusters.in_topic(node.value),
    "type": _media_type,
}
VALUE_FIELDS = tuple(_FIELDS)
