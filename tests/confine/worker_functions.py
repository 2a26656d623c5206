"""What the tests of the worker have it do: good and evil."""

# ruff: noqa: PTH108, PTH123, PTH102, PTH101, SIM115, BLE001, PLW0108
# the point is to try the bare calls

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator


def echo(data, argument: bytes) -> Iterator[bytes]:
    yield argument
    yield data[:]


def size(data, argument: bytes) -> bytes:
    return str(len(data)).encode()


def first(data, argument: bytes) -> bytes:
    return data[:1]


def count(data, argument: bytes) -> Iterator[bytes]:
    for number in range(int(argument)):
        yield str(number).encode()


def segv(data, argument: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def hang(data, argument: bytes) -> Iterator[bytes]:
    yield b"before"
    time.sleep(60)


def drip(data, argument: bytes) -> Iterator[bytes]:
    """Half a frame now and then: a sign of life that is none."""
    os.write(int(argument), b"\x00\x00\x00\x00\x10")
    while True:
        time.sleep(0.05)
        os.write(int(argument), b"x")
    yield b""


def leave(data, argument: bytes) -> bytes:
    os._exit(7)


def leave_politely(data, argument: bytes) -> bytes:
    sys.exit(7)


def fail(data, argument: bytes) -> bytes:
    raise ValueError("secret evidence")


def huge(data, argument: bytes) -> bytes:
    return bytes(int(argument))


def forge(data, argument: bytes) -> bytes:
    """Announce a frame of 4 GB on the line itself."""
    for descriptor in range(3, 4096):
        try:
            os.write(descriptor, b"\x00\xff\xff\xff\xff")
        except OSError:
            continue
    time.sleep(60)
    return b""


def slander(data, argument: bytes) -> bytes:
    """Fail with a name that is none, as a worker taken over may."""
    said = b"An error; the evidence is false " + b"x" * 1000
    os.write(int(argument), b"\x02" + len(said).to_bytes(4, "big") + said)
    time.sleep(60)
    return b""


def nonsense(data, argument: bytes) -> bytes:
    for descriptor in range(3, 4096):
        try:
            os.write(descriptor, b"\x09\x00\x00\x00\x00")
        except OSError:
            continue
    time.sleep(60)
    return b""


def bomb(data, argument: bytes) -> bytes:
    held = []
    while True:
        held.append(bytearray(64 << 20))


def stack(data, argument: bytes) -> bytes:
    def deeper(n: int) -> int:
        return deeper(n + 1) + 1

    return str(deeper(0)).encode()


def _errno(act) -> str:
    try:
        act()
    except OSError as error:
        return str(error.errno)
    except Exception as error:
        return type(error).__name__
    return "done"


def _import(name: str) -> str:
    __import__(name)
    return name


def attempts(data, argument: bytes) -> bytes:
    """Try what is forbidden and tell what came of it."""
    place, outside, parent = argument.decode().split("\n")
    libc = ctypes.CDLL(None, use_errno=True)

    def raw(number: int, *arguments: int) -> str:
        done = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
        return str(ctypes.get_errno()) if done < 0 else "done"

    told = {
        "socket": _errno(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
        "unix": _errno(lambda: socket.socketpair()),
        "write": _errno(lambda: open(place, "wb")),
        "append": _errno(lambda: open(outside, "ab")),
        "read": _errno(lambda: open(outside, "rb").close()),
        "passwd": _errno(lambda: open("/etc/passwd", "rb").close()),
        "unlink": _errno(lambda: os.unlink(outside)),
        "mkdir": _errno(lambda: os.mkdir(place)),
        "chmod": _errno(lambda: os.chmod(outside, 0)),
        "fork": _errno(os.fork),
        "spawn": _errno(lambda: subprocess.run(["/bin/true"])),
        "exec": _errno(lambda: os.execv("/bin/true", ["true"])),
        "kill": _errno(lambda: os.kill(int(parent), signal.SIGTERM)),
        "import": _errno(lambda: _import("wave")),
        "thread": _errno(lambda: (t := threading.Thread(target=int), t.start(), t.join())),
    }
    if sys.platform == "linux":
        import fcntl

        line_to_parent = max(0, int(line(data, argument)))
        told["memfd"] = _errno(lambda: os.memfd_create("x"))
        told["affinity"] = _errno(lambda: os.sched_setaffinity(int(parent), {0}))
        # have the kernel kill the parent as soon as something comes over the line
        told["owner"] = _errno(lambda: fcntl.fcntl(line_to_parent, fcntl.F_SETOWN, int(parent)))
        told["signal"] = _errno(lambda: fcntl.fcntl(line_to_parent, fcntl.F_SETSIG, signal.SIGKILL))
        told["owner-by-ioctl"] = _errno(
            lambda: fcntl.ioctl(line_to_parent, 0x8901, int(parent).to_bytes(4, "little"))
        )
    if sys.platform == "linux" and os.uname().machine == "x86_64":
        told["io_uring"] = raw(425, 1, 0)
        told["x32"] = raw(0x40000000 | 41, 2, 1, 0)
        told["clone3"] = raw(435, 0, 0)
        told["ptrace"] = raw(101, 16, int(parent), 0, 0)
    import resource

    told["limit"] = _errno(lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40)))
    return "\n".join(f"{name} {what}" for name, what in told.items()).encode()


def environment(data, argument: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


def descriptors(data, argument: bytes) -> bytes:
    found = 0
    for descriptor in range(64):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        found += 1
    return str(found).encode()


def loaded(data, argument: bytes) -> bytes:
    return str(argument.decode() in sys.modules).encode()


def pid(data, argument: bytes) -> bytes:
    return str(os.getpid()).encode()


def line(data, argument: bytes) -> bytes:
    """The descriptor of the line to the parent: the only socket there is."""
    import stat

    for descriptor in range(3, 4096):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                return str(descriptor).encode()
        except OSError:
            continue
    return b"-1"
