"""How a case is coded: its templates, presets, and whether codes spread to families and copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.ops.journal import Act, Changes
from casekit.queries.templates import (
    COPIES,
    FAMILIES,
    POLICIES,
    Preset,
    SetUp,
    Template,
    as_json,
    check_template,
    checked_key,
    parse_code,
    set_up,
    usual,
)
from casekit.store.coding_tables import coding_preset, coding_template
from casekit.store.tables import matter, tag

_KINDS = frozenset({"coding"})


def take_set_up(s: Connection, wanted: SetUp, *, label: str = "") -> Changes:
    """Take templates in place of those of the same evidence, and presets in place of those of the same name.

    What was coded by fields that are no longer there is kept and shows again with them.

    Raises:
        CaseKitError: A key is taken, or a template is not as it must be.
    """
    names = ", ".join(wanted.templates) or "presets"
    act = Act(s, "coding.set_up", label or f"Coding set up: {names}")
    for template in wanted.templates.values():
        _put_template(act, template)
    for preset in wanted.presets:
        _put_preset(act, preset)
    return act.record(_KINDS)


def change_all(s: Connection, wanted: SetUp, tag_keys: Mapping[str, str]) -> Changes:
    """Make the whole set-up as it is wanted, with the keys of tags, in one act: what is not in it goes.

    Raises:
        CaseKitError: A key is given twice or is the window's own, or a template is not as it must be.
    """
    act = Act(s, "coding.set_up", "Templates and keys changed")
    known = set_up(s)
    for collection in {*known.templates, *wanted.templates}:
        _put_template(act, wanted.templates.get(collection, Template(collection)))
    for preset in known.presets:
        act.delete(coding_preset, {"id": preset.id})
    rows = {row.name: row for row in s.execute(select(tag.c.id, tag.c.name, tag.c.key))}
    changed = {
        n: k.strip() for n, k in tag_keys.items() if n in rows and (rows[n].key or "") != k.strip()
    }
    for name in changed:  # all let go of their keys first, so that two may exchange them
        act.update(tag, {"id": rows[name].id}, {"key": None})
    for name, key in changed.items():
        _check_tag_key(s, key, name)
        act.update(tag, {"id": rows[name].id}, {"key": key or None})
    for preset in wanted.presets:
        _put_preset(act, preset)
    _put_policy(act, FAMILIES, wanted.families)
    _put_policy(act, COPIES, wanted.copies)
    return act.record({"coding", "tags", "matter"})


def take_usual(s: Connection) -> Changes:
    """Take the templates and presets that CaseKit brings along; a key that is taken is left out."""
    taken = {key for key, _ in _keys(s)}
    own = [Preset(p.name, "" if p.key in taken else p.key, p.codes) for p in usual().presets]
    return take_set_up(
        s, SetUp(usual().templates, tuple(own)), label="Usual coding templates taken"
    )


def set_template(s: Connection, template: Template) -> Changes:
    """Take a template in place of the one of the same evidence; one without fields takes that away.

    Raises:
        CaseKitError: It is not as it must be.
    """
    act = Act(s, "coding.template", f"Coding template of {template.collection} changed")
    _put_template(act, template)
    return act.record(_KINDS)


def set_preset(s: Connection, preset: Preset, *, instead_of: str = "") -> Changes:
    """Make a preset or change the one of its name.

    Args:
        s: A writing session.
        preset: Name, key and codes.
        instead_of: The name it had before, if it gets another.

    Raises:
        CaseKitError: Its key is taken or the window's own, its name is empty or another's.
    """
    act = Act(s, "coding.preset", f"Preset “{preset.name}” set")
    if instead_of and instead_of != preset.name:
        if _preset_id(s, preset.name) is not None:
            raise CaseKitError("There is already a preset “{name}”.", name=preset.name)
        act.delete(coding_preset, {"id": _known_preset(s, instead_of)})
    _put_preset(act, preset)
    return act.record(_KINDS)


def remove_preset(s: Connection, name: str) -> Changes:
    """Take a preset away; what it coded stays.

    Raises:
        CaseKitError: There is none of that name.
    """
    act = Act(s, "coding.preset", f"Preset “{name}” taken away")
    act.delete(coding_preset, {"id": _known_preset(s, name)})
    return act.record(_KINDS)


def set_tag_key(s: Connection, name: str, untrusted_key: str) -> Changes:
    """Give a tag a key, or take its key away with an empty one.

    Raises:
        CaseKitError: There is no such tag, the key is no digit from 1 to 9, or it is taken.
    """
    key = untrusted_key.strip()
    row = s.execute(select(tag.c.id).where(tag.c.name == name)).first()
    if row is None:
        raise CaseKitError("There is no tag “{name}”.", name=name)
    _check_tag_key(s, key, name)
    act = Act(s, "tag.key", f"Key of tag “{name}” set")
    act.update(tag, {"id": row.id}, {"key": key or None})
    return act.record({"tags"})


def set_policy(s: Connection, *, families: str | None = None, copies: str | None = None) -> Changes:
    """Say whether a code spreads to the family of an item and to its copies: ask, always or never.

    Raises:
        CaseKitError: It is none of these words.
    """
    act = Act(s, "coding.policy", "Spreading of codes decided")
    for key, word in ((FAMILIES, families), (COPIES, copies)):
        if word is not None:
            _put_policy(act, key, word)
    return act.record({"coding", "matter"})


def _put_template(act: Act, template: Template) -> None:
    check_template(template)
    body = orjson.dumps(as_json(template), option=orjson.OPT_SORT_KEYS).decode()
    tags = [f"{each.kind}:{each.name}" for each in template.fields if each.kind in {"flag", "tags"}]
    values = {"body": body, "bound": "\n".join(tags)}
    where = coding_template.c.collection == template.collection
    known = act.s.execute(select(coding_template.c.id).where(where)).scalar()
    if known is not None and not template.fields:
        act.delete(coding_template, {"id": known})
    elif known is not None:
        act.update(coding_template, {"id": known}, values)
    elif template.fields:
        act.insert(coding_template, {"collection": template.collection, **values})


def _put_preset(act: Act, preset: Preset) -> None:
    name = " ".join(preset.name.split())
    if not name or not preset.codes:
        raise CaseKitError("A preset needs a name and codes, such as responsive=yes.")
    codes = [str(parse_code(str(code))) for code in preset.codes]
    key = checked_key(preset.key)
    _refuse_taken(act.s, key, f"preset “{name}”")
    values = {"key": key or None, "codes": "\n".join(codes)}
    known = _preset_id(act.s, name)
    if known is None:
        act.insert(coding_preset, {"name": name, **values})
    else:
        act.update(coding_preset, {"id": known}, values)


def _put_policy(act: Act, key: str, word: str) -> None:
    if word not in POLICIES:
        raise CaseKitError("Codes spread “ask”, “always” or “never”: not “{word}”.", word=word)
    known = act.s.execute(select(matter.c.value).where(matter.c.key == key)).scalar()
    if known is not None:
        act.update(matter, {"key": key}, {"value": word})
    elif word != "ask":
        act.insert(matter, {"key": key, "value": word})


def _check_tag_key(s: Connection, key: str, name: str) -> None:
    if key and key not in tuple("123456789"):
        raise CaseKitError("The key of a tag is a digit from 1 to 9; a preset can have others.")
    _refuse_taken(s, key, f"tag “{name}”")


def _refuse_taken(s: Connection, key: str, own: str) -> None:
    for taken, whose in _keys(s):
        if key and taken == key and whose != own:
            raise CaseKitError(
                "The key {key} is that of the {whose}: take another one.", key=key, whose=whose
            )


def _keys(s: Connection) -> Iterable[tuple[str, str]]:
    """Every key in use, with what has it."""
    for name, key in s.execute(select(tag.c.name, tag.c.key).where(tag.c.key != "")):
        yield key, f"tag “{name}”"
    for name, key in s.execute(
        select(coding_preset.c.name, coding_preset.c.key).where(coding_preset.c.key != "")
    ):
        yield key, f"preset “{name}”"


def _preset_id(s: Connection, name: str) -> int | None:
    return s.execute(select(coding_preset.c.id).where(coding_preset.c.name == name)).scalar()


def _known_preset(s: Connection, name: str) -> int:
    known = _preset_id(s, name)
    if known is None:
        raise CaseKitError("There is no preset “{name}”.", name=name)
    return known
