from __future__ import annotations

import struct

import pytest

from casekit.confine.seccomp import program

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 4242


def verdict(code: bytes, machine: int, number: int, *arguments: int) -> int:
    """What the kernel's interpreter of classic BPF would answer."""
    call = struct.pack("=IIQ", number, machine, 0) + b"".join(
        struct.pack("=Q", (list(arguments) + [0] * 6)[i]) for i in range(6)
    )
    held, at = 0, 0
    while True:
        op, yes, no, k = struct.unpack_from("=HBBI", code, at * 8)
        at += 1
        if op == 0x20:
            held = struct.unpack_from("=I", call, k)[0]
        elif op == 0x06:
            return int(k)
        else:
            true = {0x15: held == k, 0x35: held >= k, 0x45: bool(held & k)}[op]
            at += yes if true else no


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_lets_reading_through_and_nothing_else(machine: str) -> None:
    code = program(machine, PID)
    audit = MACHINES[machine]
    names = {
        "x86_64": {"read": 0, "mmap": 9, "socket": 41, "clone": 56, "openat": 257, "kill": 62, "execve": 59,
                   "prlimit64": 302, "tgkill": 234, "ioctl": 16, "unlinkat": 263, "sendto": 44},
        "aarch64": {"read": 63, "mmap": 222, "socket": 198, "clone": 220, "openat": 56, "kill": 129,
                    "execve": 221, "prlimit64": 261, "tgkill": 131, "ioctl": 29, "unlinkat": 35, "sendto": 206},
    }[machine]  # fmt: skip

    def ask(name: str, *arguments: int) -> int:
        return verdict(code, audit, names[name], *arguments)

    assert [ask("read"), ask("mmap")] == [ALLOW, ALLOW]
    assert {ask(name) for name in ("socket", "execve", "unlinkat", "sendto")} == {EPERM}
    assert (ask("clone", 0x10000), ask("clone", 17)) == (ALLOW, EPERM)
    assert (ask("openat", 0, 0, 0x80000), ask("openat", 0, 0, 0x10000)) == (ALLOW, ALLOW)
    assert {ask("openat", 0, 0, flags) for flags in (1, 2, 0x40, 0x200, 0x400000)} == {EPERM}
    assert (ask("kill", PID, 9), ask("kill", 1, 9), ask("tgkill", PID), ask("tgkill", 1)) == (
        ALLOW, EPERM, ALLOW, EPERM,
    )  # fmt: skip
    assert (ask("prlimit64", 0, 7, 0), ask("prlimit64", 0, 7, 5), ask("prlimit64", 0, 7, 1 << 40)) == (
        ALLOW, EPERM, EPERM,
    )  # fmt: skip
    assert (ask("ioctl", 0, 0x5401), ask("ioctl", 0, 0x5412)) == (ALLOW, EPERM)
    own = {"x86_64": 72, "aarch64": 25}[machine]
    assert {verdict(code, audit, own, 3, what) for what in (8, 10, 15, 1024, 1026)} == {EPERM}
    assert {verdict(code, audit, own, 3, what) for what in (0, 1, 2, 3, 4, 1030)} == {ALLOW}
    assert {ask("ioctl", 3, what) for what in (0x541C, 0x8901, 0x8902)} == {EPERM}
    assert (verdict(code, audit, 435), verdict(code, audit, 437)) == (ENOSYS, ENOSYS)
    assert verdict(code, 0x40000003, names["read"]) == KILL


def test_the_second_numbering_of_x86_is_closed() -> None:
    assert verdict(program("x86_64", PID), MACHINES["x86_64"], 0x40000000) == EPERM
