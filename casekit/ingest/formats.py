"""Every format that CaseKit reads, a row each: who reads it, by which specification, with what else installed.

The readers, the README's table and the words on screen are made from this one. A format of records in
JSON, JSON Lines or CSV is a row of `dialects.DIALECTS` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Evidence = Literal["model outputs", "API logs", "correspondence", "documents", "containers"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Attributes:
        id: As `sniff.identify` tells it.
        title: As shown to people.
        evidence: Which kind of evidence comes in it.
        module: Of `casekit.ingest.readers`, or empty where `reading` unwraps it.
        source: The specification that the reader follows.
        needs: The package that must be installed besides, or empty.
    """

    id: str
    title: str
    evidence: Evidence
    module: str
    source: str
    needs: str = ""


FORMATS = (
    Format("json-records", "JSON", "API logs", "json_records", "RFC 8259"),
    Format("jsonl", "JSON Lines", "API logs", "jsonl", "jsonlines.org"),
    Format("csv", "CSV, TSV", "API logs", "csv_records", "RFC 4180"),
    Format("access-log", "access log of nginx, Apache, Envoy, HAProxy, Traefik, AWS load balancer, Amazon S3",
           "API logs", "access_log", "nginx, Apache, Envoy, HAProxy, Traefik, AWS documentation"),
    Format("w3c-log", "W3C extended log (IIS, CloudFront)", "API logs", "w3c_log", "W3C WD-logfile-960323"),
    Format("server-log", "vLLM, uvicorn, Ollama, TGI and llama.cpp log", "API logs", "server_log",
           "vllm-project/vllm; uvicorn; gin-gonic/gin; text-generation-inference; llama.cpp"),
    Format("har", "HAR", "API logs", "har", "HAR 1.2"),
    Format("mitmproxy", "mitmproxy flows", "API logs", "mitmproxy", "mitmproxy io, formats 0.11 to 21"),
    Format("cassette", "HTTP cassette (YAML)", "API logs", "cassette", "vcrpy, Ruby vcr, go-vcr"),
    Format("event-stream", "saved event stream (SSE)", "API logs", "event_stream", "WHATWG HTML, 9.2"),
    Format("inspect-eval", "Inspect log (.eval)", "model outputs", "inspect_eval", "Inspect AI `log`"),
    Format("aider", "Aider history (chat, calls)", "model outputs", "aider", "Aider-AI/aider `io.py`"),
    Format("cursor-export", "Cursor, exported chat", "model outputs", "cursor_export", "no specification"),
    Format("parquet", "Parquet", "model outputs", "parquet", "Apache Parquet format 2"),
    Format("sqlite", "SQLite database", "model outputs", "sqlite", "SQLite Database File Format 3"),
    Format("workbook", "Excel and ODS workbooks", "model outputs", "workbook", "[MS-XLS], [MS-XLSB], ECMA-376"),
    Format("eml", "EML", "correspondence", "eml", "RFC 5322, RFC 2045 to 2049"),
    Format("mbox", "MBOX", "correspondence", "mbox", "RFC 4155"),
    Format("msg", "Outlook message (MSG)", "correspondence", "msg", "MS-OXMSG, MS-CFB, MS-OXRTFEX"),
    Format("pst", "Outlook mailbox (PST, OST)", "correspondence", "pst", "MS-PST", "libpff-python"),
    Format("tnef", "TNEF (winmail.dat)", "correspondence", "tnef", "MS-OXTNEF"),
    Format("ics", "calendar (ICS)", "correspondence", "ics", "RFC 5545, RFC 7986"),
    Format("vcf", "contacts (VCF)", "correspondence", "vcf", "RFC 6350, RFC 2426, vCard 2.1"),
    Format("chat-text", "WhatsApp, other chats as text", "correspondence", "chat_text", "no specification"),
    Format("daily-chat", "LINE, KakaoTalk, Zoom as text", "correspondence", "daily_chat", "no specification"),
    Format("webvtt", "transcript of a meeting (WebVTT: Teams, Zoom; SubRip)", "correspondence", "webvtt",
           "W3C WebVTT 1"),
    Format("sms-backup", "text messages and calls (SMS Backup & Restore)", "correspondence", "sms_backup",
           "synctech.com.au"),
    Format("imessage-text", "iMessage as text", "correspondence", "imessage_text",
           "ReagentX/imessage-exporter"),
    Format("discord-text", "Discord as text", "correspondence", "discord_text", "Tyrrrz/DiscordChatExporter"),
    Format("chat-page", "chats as web pages: Telegram, Discord, iMessage, Meta", "correspondence",
           "chat_page", "tdesktop; DiscordChatExporter; imessage-exporter; Meta"),
    Format("gemini-page", "Gemini activity as a web page", "model outputs", "chat_page",
           "Google Takeout, My Activity"),
    Format("irc-log", "IRC (irssi, WeeChat, HexChat, ZNC)", "correspondence", "irc_log", "no specification"),
    Format("load-file", "production load file (Concordance DAT)", "documents", "load_file",
           "Concordance convention: þ, ASCII 20, ®"),
    Format("opticon", "list of page pictures (Opticon OPT)", "documents", "opticon", "Opticon convention"),
    Format("pdf", "PDF", "documents", "pdf", "ISO 32000-2"),
    Format("docx", "Word (DOCX)", "documents", "docx", "ECMA-376 part 1"),
    Format("pptx", "PowerPoint (PPTX)", "documents", "pptx", "ECMA-376 part 1"),
    Format("odf", "OpenDocument (ODT, ODP, ODG)", "documents", "odf", "ISO/IEC 26300, OASIS ODF 1.3"),
    Format("doc", "Word before 2007 (DOC)", "documents", "doc", "MS-DOC, MS-CFB"),
    Format("ppt", "PowerPoint before 2007 (PPT)", "documents", "ppt", "MS-PPT, MS-CFB"),
    Format("office-locked", "encrypted office files", "documents", "office_locked", "MS-OFFCRYPTO"),
    Format("ole-object", "file put into an office file (OLE)", "documents", "", "MS-OLEDS, MS-CFB"),
    Format("rtf", "RTF", "documents", "rtf", "Rich Text Format 1.9.1, MS-OXRTFEX"),
    Format("epub", "EPUB", "documents", "epub", "EPUB 3.3"),
    Format("svg", "SVG, as text", "documents", "svg", "SVG 2"),
    Format("html", "HTML", "documents", "html", "WHATWG HTML"),
    Format("mhtml", "saved web page (MHTML)", "documents", "mhtml", "RFC 2557, RFC 2387"),
    Format("text", "plain text", "documents", "text", "Unicode 16"),
    Format("image", "PNG, JPEG, GIF, TIFF, BMP, WebP", "documents", "image", "ISO 15948, ISO 10918, TIFF 6.0"),
    Format("warc", "WARC", "documents", "warc", "ISO 28500, WARC 1.0 and 1.1"),
    Format("arc", "ARC", "documents", "warc", "Internet Archive ARC 1.0 and 2.0"),
    Format("wacz", "WACZ", "documents", "wacz", "WACZ 1.1.1"),
    Format("gzip", "gzip", "containers", "", "RFC 1952"),
    Format("zip", "ZIP", "containers", "", "PKWARE APPNOTE 6.3.10"),
    Format("tar", "TAR", "containers", "", "POSIX.1-2001 pax, ustar, GNU"),
    Format("bz2", "bzip2", "containers", "", "bzip2 1.0.8"),
    Format("xz", "xz", "containers", "", "XZ file format 1.1"),
    Format("zst", "Zstandard", "containers", "", "RFC 8878"),
    Format("7z", "7z", "containers", "", "7zFormat.txt of the LZMA SDK", "py7zr"),
)  # fmt: skip
BY_ID = {each.id: each for each in FORMATS}

_ORDER: tuple[Evidence, ...] = (
    "API logs", "model outputs", "correspondence", "documents", "containers",
)  # fmt: skip


def as_markdown(dialects: Iterable[tuple[str, Evidence, str]]) -> str:
    """The README's table of formats.

    Args:
        dialects: (title, evidence, source) of the records that JSON, JSON Lines and CSV files may hold.
    """
    rows = [
        (each.evidence, f"{each.title} (needs `{each.needs}`)" if each.needs else each.title, each.source)
        for each in FORMATS
    ]  # fmt: skip
    rows += [(evidence, title, source) for title, evidence, source in dialects]
    lines = ["| evidence | format | read by |", "|---|---|---|"]
    for evidence in _ORDER:
        lines += [
            f"| {evidence} | {title} | {source} |"
            for kind, title, source in sorted(rows, key=lambda row: row[1].lower())
            if kind == evidence
        ]
    return "\n".join(lines)
