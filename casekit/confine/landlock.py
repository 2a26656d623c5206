"""Which files a worker may read: the program's own, and none for writing (Linux Landlock)."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_MACHINES = ("x86_64", "aarch64")
_FILES_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_NETWORK = 0b11  # bind and connect by TCP
_SCOPES = 0b11  # abstract sockets and signals outside
_BENEATH = 1


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock this kernel speaks; 0 where there is none."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    found = libc.syscall(ctypes.c_long(_CREATE), None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(0, int(found))


def apply(readable: Iterable[str], programs: Iterable[str] = ()) -> str:
    """Allow reading below the folders `readable`, starting the files `programs`, and nothing else.

    Returns:
        `Landlock ABI 7`, or nothing where the kernel has none.
    """
    version = abi()
    if version < 1:
        return ""
    libc = ctypes.CDLL(None, use_errno=True)
    rules = _Rules(
        _FILES_BY_ABI[max(known for known in _FILES_BY_ABI if known <= version)],
        _NETWORK if version >= 4 else 0,
        _SCOPES if version >= 6 else 0,
    )
    size = 8 if version < 4 else 16 if version < 6 else 24
    no_flags = ctypes.c_uint32(0)
    ruleset = libc.syscall(
        ctypes.c_long(_CREATE), ctypes.byref(rules), ctypes.c_size_t(size), no_flags
    )
    if ruleset < 0:
        return ""
    try:
        for place in readable:
            _allow(libc, ruleset, place, _READ_FILE)
        for place in programs:
            _allow(libc, ruleset, place, _READ_FILE | _EXECUTE)
        if libc.prctl(38, 1, 0, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS
            return ""
        if libc.syscall(ctypes.c_long(_RESTRICT), ctypes.c_int(ruleset), no_flags) != 0:
            return ""
    finally:
        os.close(ruleset)
    return f"Landlock ABI {version}"


def _allow(libc: ctypes.CDLL, ruleset: int, place: str, rights: int) -> None:
    try:
        folder = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there: nothing to read
    try:
        access = rights | (_READ_FOLDER if Path(place).is_dir() else 0)
        rule = _Beneath(access, folder)
        kind = ctypes.c_int(_BENEATH)
        libc.syscall(
            ctypes.c_long(_ADD), ctypes.c_int(ruleset), kind, ctypes.byref(rule), ctypes.c_uint32(0)
        )
    finally:
        os.close(folder)
