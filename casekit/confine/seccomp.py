"""The system calls a worker may not make, as a seccomp filter for Linux on x86-64 and ARM64.

The filter refuses (EPERM) rather than kills: a library that asks for a socket gets an error it can
handle, and the file is still read. It is a second wall beside Landlock: it also refuses opening
anything for writing, so that a kernel without Landlock still protects the disk.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000
_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP = 0x5412, 0x541C, 0x8901, 0x8902
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE, _F_NOTIFY = 8, 10, 15, 1024, 1026
_REFUSED_IOCTLS = (_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP)
_REFUSED_FCNTLS = (_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_SETLEASE, _F_NOTIFY)
"""By these a process has the kernel send any signal to any other of its user, or blocks who opens a file."""

_REFUSED = {
    "x86_64": {
        # network, and other ways out of the process
        "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50,
        "socketpair": 53, "accept4": 288, "sendmmsg": 307, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240,
        # other programs and processes
        "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "ptrace": 101, "tkill": 200,
        "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "process_vm_readv": 310, "process_vm_writev": 311,
        "kcmp": 312, "pidfd_send_signal": 424, "pidfd_open": 434, "pidfd_getfd": 438, "setrlimit": 160,
        "memfd_create": 319, "memfd_secret": 447, "process_madvise": 440, "process_mrelease": 448,
        "setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144, "sched_setaffinity": 203,
        "sched_setattr": 314, "ioprio_set": 251, "migrate_pages": 256, "move_pages": 279,
        # the disk
        "creat": 85, "rename": 82, "mkdir": 83, "rmdir": 84, "link": 86, "unlink": 87, "symlink": 88,
        "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94, "utime": 132, "mknod": 133,
        "truncate": 76, "ftruncate": 77, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
        "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199, "utimes": 235, "mkdirat": 258,
        "mknodat": 259, "fchownat": 260, "futimesat": 261, "unlinkat": 263, "renameat": 264, "linkat": 265,
        "symlinkat": 266, "fchmodat": 268, "utimensat": 280, "fallocate": 285, "renameat2": 316,
        "fchmodat2": 452,
        # the machine
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "acct": 163, "settimeofday": 164,
        "swapon": 167, "swapoff": 168, "reboot": 169, "init_module": 175, "delete_module": 176,
        "quotactl": 179, "clock_settime": 227, "kexec_load": 246, "add_key": 248, "request_key": 249,
        "keyctl": 250, "unshare": 272, "perf_event_open": 298, "name_to_handle_at": 303,
        "open_by_handle_at": 304, "setns": 308, "finit_module": 313, "bpf": 321, "userfaultfd": 323,
        "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
        "mount_setattr": 442, "personality": 135, "kexec_file_load": 320, "iopl": 172, "ioperm": 173,
        "sethostname": 170, "setdomainname": 171,
    },
    "aarch64": {
        "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203,
        "sendto": 206, "sendmsg": 211, "accept4": 242, "sendmmsg": 269, "io_uring_setup": 425,
        "io_uring_enter": 426, "io_uring_register": 427, "mq_open": 180, "msgget": 186, "semget": 190,
        "shmget": 194,
        "execve": 221, "execveat": 281, "ptrace": 117, "tkill": 130, "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "pidfd_send_signal": 424, "pidfd_open": 434, "pidfd_getfd": 438, "setrlimit": 164,
        "memfd_create": 279, "memfd_secret": 447, "process_madvise": 440, "process_mrelease": 448,
        "setpriority": 140, "sched_setparam": 118, "sched_setscheduler": 119, "sched_setaffinity": 122,
        "sched_setattr": 274, "ioprio_set": 30, "migrate_pages": 238, "move_pages": 239,
        "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15,
        "fremovexattr": 16, "mknodat": 33, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37,
        "renameat": 38, "truncate": 45, "ftruncate": 46, "fallocate": 47, "fchmod": 52, "fchmodat": 53,
        "fchownat": 54, "fchown": 55, "utimensat": 88, "renameat2": 276, "fchmodat2": 452,
        "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "quotactl": 60, "acct": 89,
        "personality": 92, "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106,
        "clock_settime": 112, "reboot": 142, "settimeofday": 170, "add_key": 217, "request_key": 218,
        "keyctl": 219, "swapon": 224, "swapoff": 225, "perf_event_open": 241, "name_to_handle_at": 264,
        "open_by_handle_at": 265, "setns": 268, "finit_module": 273, "bpf": 280, "userfaultfd": 282,
        "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
        "mount_setattr": 442, "kexec_file_load": 294, "sethostname": 161, "setdomainname": 162,
    },
}  # fmt: skip
_MISSING = {"clone3": 435, "openat2": 437}
"""Answered with ENOSYS on both: the caller then uses the older call, whose arguments can be judged."""

_JUDGED = {
    "x86_64": {
        "clone": 56,
        "kill": 62,
        "tgkill": 234,
        "ioctl": 16,
        "fcntl": 72,
        "open": 2,
        "openat": 257,
        "prlimit64": 302,
    },
    "aarch64": {
        "clone": 220,
        "kill": 129,
        "tgkill": 131,
        "ioctl": 29,
        "fcntl": 25,
        "openat": 56,
        "prlimit64": 261,
    },
}
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_TEMPORARY = getattr(os, "O_TMPFILE", 0) & ~_DIRECTORY
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | _TEMPORARY


def _one(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, k)


def _refuse(errno: int = _EPERM) -> bytes:
    return _one(_RETURN, _ERRNO | errno)


def _judge(number: int, argument: int, code: int, k: int, *, allow_if: bool) -> bytes:
    """Let call `number` through or not by the low half of one of its arguments."""
    allow = _one(_RETURN, _ALLOW)
    first, second = (allow, _refuse()) if allow_if else (_refuse(), allow)
    body = _one(_LOAD, _ARGUMENT + 8 * argument) + _one(code, k, 0, 1) + first + second
    return _one(_EQUAL, number, 0, len(body) // 8) + body


def _without(number: int, argument: int, values: tuple[int, ...]) -> bytes:
    """Let call `number` through unless the low half of one of its arguments is one of some values."""
    body = _one(_LOAD, _ARGUMENT + 8 * argument)
    for value in values:
        body += _one(_EQUAL, value, 0, 1) + _refuse()
    body += _one(_RETURN, _ALLOW)
    return _one(_EQUAL, number, 0, len(body) // 8) + body


def program(machine: str, pid: int, *, starts: bool = False) -> bytes:
    """The filter for `machine` (`x86_64`, `aarch64`) and the process `pid`, as BPF instructions.

    Args:
        machine: Whose numbers of system calls.
        pid: The process itself, which may end itself.
        starts: Whether it may become another program by `execve`; which one is Landlock's to say.
    """
    made = _one(_LOAD, _ARCH) + _one(_EQUAL, _AUDIT[machine], 1, 0) + _one(_RETURN, _KILL)
    made += _one(_LOAD, _NUMBER)
    if machine == "x86_64":
        made += _one(_AT_LEAST, _X32, 0, 1) + _refuse()
    refused = {
        name: number
        for name, number in _REFUSED[machine].items()
        if not (starts and name == "execve")
    }
    for number in sorted(refused.values()):
        made += _one(_EQUAL, number, 0, 1) + _refuse()
    for number in _MISSING.values():
        made += _one(_EQUAL, number, 0, 1) + _refuse(_ENOSYS)
    judged = _JUDGED[machine]
    made += _judge(judged["clone"], 0, _ANY_BIT, _CLONE_THREAD, allow_if=True)
    made += _judge(judged["kill"], 0, _EQUAL, pid, allow_if=True)
    made += _judge(judged["tgkill"], 0, _EQUAL, pid, allow_if=True)
    made += _without(judged["ioctl"], 1, _REFUSED_IOCTLS)
    made += _without(judged["fcntl"], 1, _REFUSED_FCNTLS)
    made += _judge(judged["openat"], 2, _ANY_BIT, _WRITING, allow_if=False)
    if "open" in judged:
        made += _judge(judged["open"], 1, _ANY_BIT, _WRITING, allow_if=False)
    # reading a limit is fine, setting one is not: the pointer to the new value must be null
    number = judged["prlimit64"]
    body = _one(_LOAD, _ARGUMENT + 16) + _one(_EQUAL, 0, 1, 0) + _refuse()
    body += _one(_LOAD, _ARGUMENT + 20) + _one(_EQUAL, 0, 1, 0) + _refuse() + _one(_RETURN, _ALLOW)
    made += _one(_EQUAL, number, 0, len(body) // 8) + body
    return made + _one(_RETURN, _ALLOW)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def apply(*, starts: bool = False) -> str:
    """Bind this process to the filter; returns `seccomp`, or nothing where the kernel has none."""
    machine = platform.machine()
    if machine not in _REFUSED:
        return ""
    code = program(machine, os.getpid(), starts=starts)
    held = ctypes.create_string_buffer(code, len(code))
    wanted = _Program(len(code) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if (
        libc.prctl(38, 1, 0, 0, 0) != 0
    ):  # PR_SET_NO_NEW_PRIVS, without which an ordinary user may not
        return ""
    # mode 1 is SECCOMP_SET_MODE_FILTER, flag 1 binds all threads
    number = ctypes.c_long(_SECCOMP[machine])
    done = libc.syscall(number, ctypes.c_ulong(1), ctypes.c_ulong(1), ctypes.byref(wanted))
    return "seccomp" if done == 0 else ""
