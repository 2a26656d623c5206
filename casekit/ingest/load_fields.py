"""What the fields of a load file mean, under the names that the programs of the trade give them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from casekit.clock import to_us
from casekit.ingest.parsed import Party, When

_NAMES: dict[str, tuple[str, ...]] = {
    "first": ("begbates", "begdoc", "begdocno", "begno", "bates", "batesbeg", "batesbegin", "beginbates",
              "begbatesnumber", "prodbeg", "productionbegin", "prodbegbates", "beginningbates", "docid",
              "controlnumber", "firstbates"),
    "last": ("endbates", "enddoc", "enddocno", "endno", "batesend", "endbatesnumber", "prodend",
             "productionend", "prodendbates", "endingbates", "lastbates"),
    "family": ("begattach", "begattachment", "attachbeg", "begattbates", "begatt", "begfamily", "groupid",
               "prodbegattach", "begattachdoc", "familyid", "batesrangebegin"),
    "native": ("nativelink", "nativepath", "nativefile", "nativefilepath", "nativefilelink", "native",
               "doclink", "linktonative", "nativefilename"),
    "text": ("textlink", "textpath", "textfile", "textfilepath", "extractedtextpath", "extractedtext",
             "ocrpath", "ocrtextpath", "fulltextpath", "ocrtext", "textprecedence"),
    "md5": ("md5hash", "md5", "md5hashvalue", "hashvalue", "hash", "filehash"),
    "sha1": ("sha1hash", "sha1", "sha1hashvalue", "hashvalue", "hash"),
    "sha256": ("sha256hash", "sha256", "hashvalue", "hash"),
    "subject": ("subject", "emailsubject", "title", "doctitle", "documenttitle"),
    "name": ("filename", "originalfilename", "docname", "name", "nativefilename"),
    "from": ("from", "emailfrom", "author", "sender"),
    "to": ("to", "emailto", "recipient", "recipients"),
    "cc": ("cc", "emailcc"),
    "bcc": ("bcc", "emailbcc"),
    "date": ("datesent", "sentdate", "emailsentdate", "sentondate", "docdate", "documentdate", "maindate",
             "datemodified", "datelastmodified", "lastmodifieddate", "datemod", "datecreated"),
    "time": ("timesent", "senttime", "emailsenttime", "doctime", "timemodified", "timecreated"),
    "zone": ("timezone", "timezoneprocessed", "processedtimezone"),
    "pages": ("pagecount", "pages", "numpages", "pgcount", "imagecount"),
}  # fmt: skip
_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64}
_PLAIN = re.compile(r"[^a-z0-9]")
_ADDRESS = re.compile(r"(?P<name>.*?)\s*[<\[](?P<address>[^<>\[\]]+@[^<>\[\]]+)[>\]]\s*")
_DAY = re.compile(
    r"(?P<y>\d{4})[-/.]?(?P<m>\d\d)[-/.]?(?P<d>\d\d)|(?P<a>\d\d?)[-/.](?P<b>\d\d?)[-/.](?P<y2>\d{4})"
)
_HOUR = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?\s*([AaPp][Mm])?")
_UTC = re.compile(r"\b(?:UTC|GMT|Z)\b|^\s*$", re.IGNORECASE)


def field(values: Mapping[str, str], meaning: str) -> str:
    """The value of the first field with that meaning that has one, or empty."""
    plain = {_PLAIN.sub("", name.lower()): value for name, value in values.items() if value.strip()}
    return next((plain[name].strip() for name in _NAMES[meaning] if name in plain), "")


def digest(values: Mapping[str, str], kind: str) -> str:
    """The MD5, SHA-1 or SHA-256 (hex, small letters) that a row gives for its native, or empty."""
    plain = {_PLAIN.sub("", name.lower()): value for name, value in values.items()}
    for name in _NAMES[kind]:
        found = plain.get(name, "").strip().lower()
        if len(found) == _LENGTHS[kind] and re.fullmatch("[0-9a-f]+", found):
            return found
    return ""


def parties(values: Mapping[str, str]) -> tuple[Party, ...]:
    """Who appears in a document, as its row tells."""
    found = []
    for role in ("from", "to", "cc", "bcc"):
        for one in re.split(r"[;\n]", field(values, role)):
            text = one.strip().strip('"')
            match = _ADDRESS.fullmatch(text)
            if match:
                found.append(Party(role, match["name"].strip(' "'), match["address"].strip()))
            elif text:
                found.append(Party(role, *(("", text) if "@" in text else (text, ""))))
    return tuple(found)


def when(values: Mapping[str, str]) -> When | None:
    """The document's time, if its row tells one that can be read in one way only."""
    day_text, time_text = field(values, "date"), field(values, "time")
    day, hour = _DAY.search(day_text), _HOUR.search(time_text) or _HOUR.search(day_text)
    if day is None:
        return None
    try:
        date = _date(day)
        if date is None:
            return None
        seconds = 0
        if hour is not None:
            at = int(hour[1]) % 12 + 12 * (hour[4].lower() == "pm") if hour[4] else int(hour[1])
            seconds = at * 3600 + int(hour[2]) * 60 + int(hour[3] or 0)
        moment = date + dt.timedelta(seconds=seconds)
        zone = field(values, "zone")
        sure = zone and _UTC.search(zone) and hour is not None and "assumed" not in zone
        raw = " ".join(each for each in (day_text, time_text, zone) if each)
        step = 86_400_000_000 if hour is None else 1_000_000
        shown = "explicit" if sure else "assumed:UTC"
        return When(to_us(moment), raw[:200], "date of the load file", shown, step)
    except (ValueError, OverflowError):
        return None


def _date(found: re.Match[str]) -> dt.datetime | None:
    """The day; None where day and month could be either."""
    if found["y"]:
        return dt.datetime(int(found["y"]), int(found["m"]), int(found["d"]), tzinfo=dt.UTC)
    a, b, year = int(found["a"]), int(found["b"]), int(found["y2"])
    if a > 12:
        return dt.datetime(year, b, a, tzinfo=dt.UTC)
    if b > 12 or a == b:
        return dt.datetime(year, a, b, tzinfo=dt.UTC)
    return None
