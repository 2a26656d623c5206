"""Names what no reader reads by the bytes it begins with: whoever gets it back wants to know what it is."""

from __future__ import annotations

from typing import NamedTuple

from casekit.ingest.containers import Data


class _Kind(NamedTuple):
    """A kind of file: where its mark stands, the mark, and what to call it."""

    offset: int
    mark: bytes
    name: str


_KINDS = (
    _Kind(0, b"Rar!\x1a\x07", "a RAR archive"),
    _Kind(0, b"MSCF\0\0\0\0", "a Cabinet archive (CAB)"),
    _Kind(0, b"ISc(", "an InstallShield archive"),
    _Kind(0, b"\x60\xea", "an ARJ archive"),
    _Kind(7, b"**ACE**", "an ACE archive"),
    _Kind(2, b"-lh", "an LHA archive"),
    _Kind(0, b"StuffIt", "a StuffIt archive"),
    _Kind(0, b"SIT!", "a StuffIt archive"),
    _Kind(0, b"xar!", "a XAR archive"),
    _Kind(0, b"\xed\xab\xee\xdb", "an RPM package"),
    _Kind(0, b"MSWIM\0\0\0", "a Windows image (WIM)"),
    _Kind(0, b"hsqs", "a SquashFS file system"),
    _Kind(0, b"\x1f\x9d", "a file packed by compress (.Z)"),
    _Kind(0, b"\x1f\xa0", "a file packed by compress (.Z)"),
    _Kind(0, b"\x04\x22\x4d\x18", "a file packed by LZ4"),
    _Kind(0, b"\x02\x21\x4c\x18", "a file packed by LZ4"),
    _Kind(0, b"LZIP", "a file packed by lzip"),
    _Kind(0, b"\x89LZO\0\r\n\x1a\n", "a file packed by lzop"),
    _Kind(0, b"\xff\x06\0\0sNaPpY", "a file packed by Snappy"),
    _Kind(32769, b"CD001", "an image of a disc (ISO 9660)"),
    _Kind(0, b"EVF\t\r\n\xff\0", "a forensic image (EnCase)"),
    _Kind(0, b"EVF2\r\n\x81\0", "a forensic image (EnCase)"),
    _Kind(0, b"ADSEGMENTEDFILE\0", "a forensic image (AD1)"),
    _Kind(0, b"AFF10\r\n\0", "a forensic image (AFF)"),
    _Kind(0, b"KDMV", "a virtual disk (VMDK)"),
    _Kind(0, b"# Disk DescriptorFile", "a virtual disk (VMDK)"),
    _Kind(0, b"conectix", "a virtual disk (VHD)"),
    _Kind(0, b"vhdxfile", "a virtual disk (VHDX)"),
    _Kind(0, b"QFI\xfb", "a virtual disk (QCOW)"),
    _Kind(0, b"LUKS\xba\xbe", "an encrypted disk (LUKS)"),
    _Kind(3, b"-FVE-FS-", "an encrypted disk (BitLocker)"),
    _Kind(0, b"age-encryption.org/v1\n", "a file encrypted by age"),
    _Kind(0, b"Salted__", "a file encrypted by OpenSSL"),
    _Kind(0, b"SQLite format 3\0", "an SQLite database"),
    _Kind(4, b"Standard Jet DB\0", "an Access database"),
    _Kind(4, b"Standard ACE DB\0", "an Access database"),
    _Kind(0, b"DUCK", "a DuckDB database"),
    _Kind(8, b"DUCK", "a DuckDB database"),
    _Kind(0, b"\x1a\0\0\x04\0\0", "a Lotus Notes database"),
    _Kind(0, b"\xcf\xad\x12\xfe", "an Outlook Express mailbox (DBX)"),
    _Kind(0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "a OneNote notebook"),
    _Kind(0, b"ElfFile\0", "a Windows event log (EVTX)"),
    _Kind(0, b"regf", "a Windows registry"),
    _Kind(0, b"\xd4\xc3\xb2\xa1", "a capture of network packets"),
    _Kind(0, b"\xa1\xb2\xc3\xd4", "a capture of network packets"),
    _Kind(0, b"\x0a\x0d\x0d\x0a", "a capture of network packets"),
    _Kind(0, b"bplist00", "an Apple property list"),
    _Kind(0, b"GGUF", "a language model's weights (GGUF)"),
    _Kind(0, b"ggjt", "a language model's weights (GGML)"),
    _Kind(8, b'{"', "a model's weights (safetensors)"),
    _Kind(0, b"\x89HDF\r\n\x1a\n", "a data file (HDF5)"),
    _Kind(0, b"\x93NUMPY", "a data file (NumPy)"),
    _Kind(0, b"ARROW1\0\0", "a data file (Arrow)"),
    _Kind(0, b"ORC", "a data file (ORC)"),
    _Kind(0, b"Obj\x01", "a data file (Avro)"),
    _Kind(0, b"ID3", "a sound recording (MP3)"),
    _Kind(0, b"\xff\xfb", "a sound recording (MP3)"),
    _Kind(0, b"OggS", "a sound recording or film (Ogg)"),
    _Kind(0, b"fLaC", "a sound recording (FLAC)"),
    _Kind(0, b"#!AMR", "a sound recording (AMR)"),
    _Kind(8, b"WAVE", "a sound recording (WAV)"),
    _Kind(8, b"AVI ", "a film (AVI)"),
    _Kind(0, b"\x1a\x45\xdf\xa3", "a film (Matroska, WebM)"),
    _Kind(4, b"ftypM4A", "a sound recording (M4A)"),
    _Kind(4, b"ftypheic", "a picture (HEIC)"),
    _Kind(4, b"ftypmif1", "a picture (HEIC)"),
    _Kind(4, b"ftypavif", "a picture (AVIF)"),
    _Kind(4, b"ftyp", "a film (MP4, MOV)"),
    _Kind(0, b"AT&TFORM", "a scanned document (DjVu)"),
    _Kind(0, b"%!PS", "a PostScript document"),
    _Kind(0, b"8BPS", "a Photoshop picture"),
    _Kind(0, b"\x7fELF", "a program (Linux)"),
    _Kind(0, b"MZ", "a program (Windows)"),
    _Kind(0, b"\xcf\xfa\xed\xfe", "a program (macOS)"),
    _Kind(0, b"\0asm", "a program (WebAssembly)"),
)
"""In the order in which they are tried: a mark of few bytes after those of many."""

_SHORT = 4
"""Marks shorter than this are no proof in a text: a letter may begin with `MZ`."""
_TENSORS = "a model's weights (safetensors)"
_HEAD = 40_000


def kind_of(untrusted_data: Data) -> str:
    """What a file is, such as `a RAR archive`; empty where its first bytes do not tell.

    Source: the formats' specifications; for safetensors the length of its header, which comes first.
    """
    head = untrusted_data[:_HEAD]
    binary = b"\0" in head[:1024] or any(byte > 0x7F for byte in head[:1024])
    for offset, mark, name in _KINDS:
        if head[offset : offset + len(mark)] != mark or (len(mark) < _SHORT and not binary):
            continue
        if name == _TENSORS and not 2 <= int.from_bytes(head[:8], "little") < len(untrusted_data):
            continue
        return name
    return ""
