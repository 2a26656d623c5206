"""Single values of a dossier's spec by the name of their place, as forms and gaps name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from casekit.dossier.spec import (
    FIELDS,
    SIGNED,
    Certificate,
    CertificateKind,
    DossierSpec,
    Offered,
)

PLAIN = ("title", "offered_by", "designation", "words", "paper", "profile", "raw", "dpi", "pairs", "context",
         "machine_texts", "limit_mb", "recipients", "gaps", "events")  # fmt: skip
EVENTS = (("none", "None of them"), ("all", "All of them"))
CHOSEN = "Those that were chosen by number"
_TEXTS = ("narrative", "method")


def value_at(spec: DossierSpec, place: str) -> Any:
    """The value of a place such as `title`, `narrative/scope`, `certificates/0/name` or `offered/F-1/kind`."""
    head, _, rest = place.partition("/")
    if head in _TEXTS:
        return getattr(spec, head).get(rest, "")
    if head == "certificates":
        number, _, name = rest.partition("/")
        certificate = spec.certificates[int(number)]
        if name in {"kind", "signed_in", "exhibits"}:
            return getattr(certificate, name)
        return certificate.fields.get(name, "")
    if head == "offered":
        name, _, key = rest.rpartition("/")
        offer = spec.offered.get(name)
        return getattr(offer, key) if offer else ""
    return getattr(spec, head)


def with_value(spec: DossierSpec, place: str, value: Any) -> DossierSpec:
    """The spec with another value in a place; an empty text takes the place's entry away."""
    head, _, rest = place.partition("/")
    if head in _TEXTS:
        return _replaced(spec, head, _without_empty(getattr(spec, head), rest, value))
    if head == "certificates":
        number, _, name = rest.partition("/")
        found = list(spec.certificates)
        found[int(number)] = _certificate(found[int(number)], name, value)
        return _replaced(spec, head, tuple(found))
    if head == "offered":
        name, _, key = rest.rpartition("/")
        return _replaced(spec, head, _offered(spec.offered, name, key, value))
    return _replaced(spec, head, value)


def event_choices(events: Any) -> tuple[tuple[Any, str], ...]:
    """Which events may be printed, with words for each; numbers that a file chose stay as they are."""
    return EVENTS if isinstance(events, str) else ((events, CHOSEN), *EVENTS)


def with_certificate(spec: DossierSpec, kind: CertificateKind) -> DossierSpec:
    """The spec with one more certificate, in which nothing is stated."""
    return _replaced(spec, "certificates", (*spec.certificates, Certificate(kind)))


def without_certificate(spec: DossierSpec, number: int) -> DossierSpec:
    """The spec without one of its certificates."""
    kept = tuple(one for n, one in enumerate(spec.certificates) if n != number)
    return _replaced(spec, "certificates", kept)


def _certificate(one: Certificate, name: str, value: Any) -> Certificate:
    if name == "kind":
        kind = cast("CertificateKind", value)
        known = {*FIELDS[kind], *SIGNED}
        fields = {k: v for k, v in one.fields.items() if k in known}
        return msgspec.structs.replace(one, kind=kind, fields=fields)
    if name in {"signed_in", "exhibits"}:
        return msgspec.structs.replace(one, **{name: value})
    return msgspec.structs.replace(one, fields=_without_empty(one.fields, name, value))


def _offered(present: Mapping[str, Offered], name: str, key: str, value: str) -> dict[str, Offered]:
    found = dict(present)
    if key != "kind":
        if name in found:
            found[name] = msgspec.structs.replace(found[name], **{key: value})
    elif not value:
        found.pop(name, None)
    else:
        before = found.get(name)
        made = Offered(cast("Any", value))
        if before is not None:
            made = msgspec.structs.replace(before, kind=cast("Any", value))
        found[name] = made
    return found


def _without_empty(texts: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    found = {**texts, name: value}
    if not value:
        del found[name]
    return found


def _replaced(spec: DossierSpec, name: str, value: Any) -> DossierSpec:
    return msgspec.structs.replace(spec, **{name: value})
