"""Coding templates: what is to be coded of each kind of evidence, and the presets that set codes by one key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, cast, get_args

import orjson
from sqlalchemy import Connection, select

from casekit.errors import CaseKitError
from casekit.paths import resource
from casekit.queries.tree import COLLECTIONS
from casekit.store.coding_tables import coding_preset, coding_template
from casekit.store.tables import matter

FieldKind = Literal["one", "many", "text", "flag", "tags", "privilege", "basis", "tier"]
KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
OWN: frozenset[FieldKind] = frozenset({"one", "many", "text"})
"""Kinds kept in `tables.coding`; the others are tags, privilege and confidentiality, which have their own."""

SEVERAL: frozenset[FieldKind] = frozenset({"many", "tags"})
FIXED: dict[FieldKind, str] = {
    "privilege": "privilege",
    "basis": "basis",
    "tier": "confidentiality",
}
"""Kinds of which a template has one field at most, under this name, so that a search knows what it means."""

PRIVILEGE = ("privileged", "not-privileged")
BASES = ("attorney-client", "work-product", "common-interest", "other")
YES = "yes"
TAG = "tag"
"""The name under which a code puts on any tag, whatever the template: `tag=issue/terms`."""

POLICIES = ("ask", "always", "never")
FAMILIES, COPIES = "coding_families", "coding_copies"
"""The matter's values that say whether a code spreads to the family of an item, and to its copies."""

LONGEST = 2_000
_MOST_FIELDS = 60
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_KEY = re.compile(r"[A-Z0-9]|Alt\+[A-Z0-9]|Shift\+[A-Z]|F([1-9]|1[0-2])")
RESERVED = frozenset(
    {
        *"ACDEFHJKMNPRSTUVXY", *(f"Alt+{n}" for n in range(1, 5)), "Alt+H", "Alt+Q", "Alt+R",
        "F1", "F5", "F6", "F11",
        *(f"Shift+{letter}" for letter in "ACDFHNPRST"),
    }
)  # fmt: skip
"""Keys of the window itself, which no preset may take; a test compares them with its table of actions."""


@dataclass(frozen=True, slots=True)
class Code:
    """One value for one field; `on` is False where it is to be taken off; an empty value takes all off."""

    field: str
    value: str
    on: bool = True

    def __str__(self) -> str:
        return f"{self.field}{'=' if self.on else '!='}{self.value}"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a template.

    Attributes:
        name: As searches and files have it, `coded:name=value`.
        label: As the pane shows it.
        kind: `one` of the options, `many` of them, `text`; `flag`: the tag of its name; `tags`: the tags below
            its name; `privilege`, its `basis`, and `tier`: those of the case.
        options: Of `one` and `many`.
        required: It must have a value before the item is complete.
        when: It is there only while the field of that name has one of the values; empty: always.
        values: Those values.
    """

    name: str
    label: str
    kind: FieldKind
    options: tuple[str, ...] = ()
    required: bool = False
    when: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """What is to be coded of one kind of evidence.

    Attributes:
        collection: A word of `tree.COLLECTIONS`.
        fields: In the order of the pane.
        complete: An item is left by Save and next only when every required field has a value.
    """

    collection: str
    fields: tuple[Field, ...] = ()
    complete: bool = False

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((each for each in self.fields if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Preset:
    """Codes that are set together; `key` in Qt's portable form, empty without one."""

    name: str
    key: str
    codes: tuple[Code, ...]
    id: int = 0


@dataclass(frozen=True, slots=True)
class SetUp:
    """All that says how a case is coded; `policies` are the words of `POLICIES` for families and copies."""

    templates: Mapping[str, Template] = field(default_factory=dict)
    presets: tuple[Preset, ...] = ()
    families: str = "ask"
    copies: str = "ask"


def set_up(s: Connection) -> SetUp:
    """How the case is coded."""
    known = {
        row.key: row.value
        for row in s.execute(select(matter).where(matter.c.key.in_((FAMILIES, COPIES))))
    }
    return SetUp(
        templates(s), presets(s), known.get(FAMILIES, "ask"), known.get(COPIES, "ask")
    )  # fmt: skip


def templates(s: Connection) -> dict[str, Template]:
    """The templates by collection, in the order of `COLLECTIONS`."""
    found = {row.collection: row.body for row in s.execute(select(coding_template))}
    return {c: _template(c, orjson.loads(found[c])) for c in COLLECTIONS if c in found}


def presets(s: Connection) -> tuple[Preset, ...]:
    """The presets, those with keys first, in order of key."""
    rows = s.execute(select(coding_preset).order_by(coding_preset.c.name))
    found = [
        Preset(r.name, r.key or "", tuple(parse_code(c) for c in r.codes.split("\n")), r.id)
        for r in rows
    ]
    return tuple(sorted(found, key=lambda p: (not p.key, len(p.key), p.key)))


def parse_code(untrusted: str) -> Code:
    """Read `FIELD=VALUE`, `FIELD!=VALUE` (take off) or `FIELD=` (take all off).

    Raises:
        CaseKitError: It is none of these.
    """
    name, sign, value = untrusted.partition("=")
    on = not name.endswith("!")
    name, value = name.removesuffix("!").strip().lower(), " ".join(value.split())
    if not sign or not _NAME.fullmatch(name) or (not value and not on) or len(value) > LONGEST:
        raise CaseKitError(
            "“{given}” is no code: write FIELD=VALUE, such as responsive=yes.", given=untrusted[:80]
        )
    return Code(name, value, on)


def checked_key(untrusted: str) -> str:
    """A key as it is kept: a digit, a letter, Alt or Shift with one, or a function key.

    Raises:
        CaseKitError: It is another one, or the window's own.
    """
    key = "+".join(part.strip().capitalize() for part in untrusted.split("+")).strip()
    if key and not _KEY.fullmatch(key):
        raise CaseKitError(
            "“{key}” cannot be a key of a preset: take a digit, a letter, Alt or Shift with a letter, or F2 "
            "to F12.",
            key=untrusted,
        )
    if key in RESERVED:
        raise CaseKitError(
            "The key {key} belongs to the window: take another one, such as a digit.", key=key
        )
    return key


# -- as a file ------------------------------------------------------------------------------------


def read_file(untrusted_data: bytes, name: str) -> SetUp:
    """A set-up from a TOML or JSON file, by the ending of its name; the policies are not in it.

    Raises:
        CaseKitError: It cannot be read, or something in it is not as it must be; says what.
    """
    try:
        text = untrusted_data.decode("utf-8-sig")
        held = orjson.loads(text) if name.lower().endswith(".json") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaseKitError(
            "{name} is no TOML or JSON file: {why}", name=name, why=str(error)
        ) from error
    if not isinstance(held, dict) or set(held) - {"v", "template", "preset"}:
        raise CaseKitError("{name} must hold template and preset, and nothing else.", name=name)
    found: dict[str, Template] = {}
    for each in _mappings(held.get("template", []), "template"):
        collection = str(each.get("evidence", ""))
        if collection not in COLLECTIONS or collection in found:
            raise CaseKitError(
                "A template says once of which evidence it is: one of {known}.",
                known=", ".join(COLLECTIONS),
            )
        found[collection] = check_template(_template(collection, each))
    made = tuple(_preset(each) for each in _mappings(held.get("preset", []), "preset"))
    return SetUp(found, made)


def write_file(held: SetUp) -> bytes:
    """The set-up as JSON that `read_file` takes."""
    body = {
        "v": 1,
        "template": [{"evidence": t.collection, **as_json(t)} for t in held.templates.values()],
        "preset": [
            {"name": p.name, "codes": [str(c) for c in p.codes], **({"key": p.key} if p.key else {})}
            for p in held.presets
        ],
    }  # fmt: skip
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@cache
def usual() -> SetUp:
    """The set-up that CaseKit brings along."""
    return read_file(resource("coding", "usual.toml").read_bytes(), "usual.toml")


def as_json(template: Template) -> dict[str, Any]:
    """A template as it is kept, its collection apart."""
    fields = []
    for each in template.fields:
        one: dict[str, Any] = {"name": each.name, "label": each.label, "kind": each.kind}
        if each.options:
            one["options"] = list(each.options)
        if each.required:
            one["required"] = True
        if each.when:
            one["when"] = {each.when: list(each.values)}
        fields.append(one)
    return {"complete": template.complete, "field": fields}


def check_template(template: Template) -> Template:
    """The template, if its fields are as they must be.

    Raises:
        CaseKitError: They are not; says which and what to do.
    """
    if len(template.fields) > _MOST_FIELDS:
        raise CaseKitError("A template has {most} fields at most.", most=_MOST_FIELDS)
    before: dict[str, Field] = {}
    for each in template.fields:
        _check_field(each, before)
        before[each.name] = each
    return template


def _check_field(each: Field, before: Mapping[str, Field]) -> None:
    if not _NAME.fullmatch(each.name) or each.name in {*before, TAG}:
        raise CaseKitError(
            "The field “{name}” needs a name of its own in small letters, digits and hyphens, such as "
            "review-note.",
            name=each.name,
        )
    if each.kind not in KINDS:
        raise CaseKitError(
            "The field “{name}” must be one of {kinds}.", name=each.name, kinds=", ".join(KINDS)
        )
    fixed = FIXED.get(each.kind)
    if (fixed and each.name != fixed) or (not fixed and each.name in FIXED.values()):
        raise CaseKitError(
            "The field of kind “{kind}” must be named “{name}”, and no other may be.",
            kind=each.kind if fixed else next(k for k, n in FIXED.items() if n == each.name),
            name=fixed or each.name,
        )
    plain = [option.casefold() for option in each.options]
    if each.kind in {"one", "many"} and (not plain or len(set(plain)) < len(plain)):
        raise CaseKitError(
            "The field “{name}” needs options, each once, such as yes, no, unsure.", name=each.name
        )
    if any(not o or len(o) > 200 or "\n" in o for o in each.options):
        raise CaseKitError(
            "An option of “{name}” is empty or longer than 200 characters.", name=each.name
        )
    if each.when:
        other = before.get(each.when)
        known = choices(other) if other else None
        wrong = sorted(set(each.values) - set(known)) if known else []
        if other is None or not each.values or wrong:
            raise CaseKitError(
                "“{name}” is shown by a field above it and values of that one: “{when}” does not do.",
                name=each.name, when=f"{each.when}={wrong[0] if wrong else ', '.join(each.values)}",
            )  # fmt: skip


def choices(of: Field) -> tuple[str, ...]:
    """The values that a field may have, where they are known without the case."""
    fixed = {"privilege": PRIVILEGE, "basis": BASES, "flag": (YES,)}
    return fixed.get(of.kind, of.options)


def _template(collection: str, held: Mapping[str, Any]) -> Template:
    fields = []
    for each in _mappings(held.get("field", []), "field"):
        unknown = set(each) - {"name", "label", "kind", "options", "required", "when"}
        when = each.get("when") or {}
        if unknown or not isinstance(when, dict) or len(when) > 1:
            raise CaseKitError(
                "A field has a name, a label, a kind, options, required, and when, which names one field "
                "and its values: {what} is wrong.",
                what=min(unknown, default="when"),
            )  # fmt: skip
        name = str(each.get("name", ""))
        other, values = next(iter(when.items()), ("", ()))
        fields.append(
            Field(
                name, str(each.get("label") or name), cast("FieldKind", str(each.get("kind", ""))),
                _texts(each.get("options", ())), bool(each.get("required", False)), str(other), _texts(values),
            )
        )  # fmt: skip
    return Template(collection, tuple(fields), bool(held.get("complete", False)))


def _preset(held: Mapping[str, Any]) -> Preset:
    name, codes = " ".join(str(held.get("name", "")).split()), _texts(held.get("codes", ()))
    if not name or not codes:
        raise CaseKitError("A preset needs a name and codes, such as responsive=yes.")
    return Preset(name, checked_key(str(held.get("key", ""))), tuple(map(parse_code, codes)))


def _texts(held: object) -> tuple[str, ...]:
    given: Iterable[object] = held if isinstance(held, list | tuple) else (held,)
    return tuple(" ".join(str(each).split()) for each in given)


def _mappings(held: object, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
        raise CaseKitError("“{name}” must be a list of tables.", name=name)
    return held
