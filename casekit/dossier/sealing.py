"""A sealed file: a text that only those can read who know its passphrase, and that says how to open it.

The file is JSON (UTF-8). `sealed` is AES-256-GCM (NIST SP 800-38D) over the text, its 16-byte tag at the end,
with `nonce` of 12 bytes and the bytes of `what` as associated data. The key is scrypt (RFC 7914) over the
passphrase in Unicode form NFC and UTF-8, with `salt` of 16 bytes, `n` 131072, `r` 8, `p` 1, 32 bytes long.
Bytes stand in base64. Every file has a salt and nonce of its own, so that no two are alike. `open_it` in the
file is a program of ten lines that opens it with Python and the package `cryptography`, without CaseKit.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casekit.errors import CaseKitError

SHORTEST = 12
"""Characters of a passphrase, at least: the file may lie where others can try."""

_N, _R, _P = 2**17, 8, 1
_MEMORY = 2**28
_DAMAGED = "{name} is no sealed file of CaseKit, or it is damaged: take another copy of it."

PROGRAM = (
    "import base64, getpass, hashlib, json, sys, unicodedata",
    "from cryptography.hazmat.primitives.ciphers.aead import AESGCM",
    "file = json.load(open(sys.argv[1], encoding='utf-8'))",
    "get = lambda name: base64.b64decode(file[name])",
    "word = unicodedata.normalize('NFC', getpass.getpass('Passphrase: ')).encode('utf-8')",
    "key = hashlib.scrypt(word, salt=get('salt'), n=file['n'], r=file['r'], p=file['p'],",
    "                     maxmem=2**28, dklen=32)",
    "what = file['what'].encode('utf-8')",
    "text = AESGCM(key).decrypt(get('nonce'), get('sealed'), what)",
    "sys.stdout.buffer.write(text)",
)
"""Saved as `open.py` and run as `python3 open.py FILE`, it writes the text."""


def seal(text: bytes, passphrase: str, what: str) -> bytes:
    """A sealed file that holds a text.

    Args:
        text: What it holds.
        passphrase: At least `SHORTEST` characters.
        what: What the file is, in words that everybody may read; nobody can change them unseen.

    Raises:
        CaseKitError: The passphrase is too short.
    """
    if len(passphrase.strip()) < SHORTEST:
        raise CaseKitError("The passphrase must have at least {n} characters.", n=SHORTEST)
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, text, what.encode())
    file = {
        "v": 1, "what": what, "cipher": "AES-256-GCM", "kdf": "scrypt", "n": _N, "r": _R, "p": _P,
        "salt": _base64(salt), "nonce": _base64(nonce), "sealed": _base64(sealed),
        "open_it": list(PROGRAM),
    }  # fmt: skip
    return (json.dumps(file, indent=1, ensure_ascii=False) + "\n").encode()


def unseal(untrusted_file: bytes, passphrase: str, name: str = "This file") -> bytes:
    """The text of a sealed file.

    Raises:
        CaseKitError: It is none, or the passphrase is another one.
    """
    try:
        file: dict[str, Any] = json.loads(untrusted_file)
        parts = [
            base64.b64decode(file[part], validate=True) for part in ("salt", "nonce", "sealed")
        ]
        what = str(file["what"]).encode()
        numbers = (file["v"], file["n"], file["r"], file["p"])
    except (ValueError, KeyError, TypeError) as error:
        raise CaseKitError(_DAMAGED, name=name) from error
    if numbers != (1, _N, _R, _P) or len(parts[0]) != 16 or len(parts[1]) != 12:
        raise CaseKitError(_DAMAGED, name=name)
    try:
        return AESGCM(_key(passphrase, parts[0])).decrypt(parts[1], parts[2], what)
    except InvalidTag as error:
        raise CaseKitError(
            "{name} does not open: the passphrase is another one, or the file was changed.",
            name=name,
        ) from error


def _key(passphrase: str, salt: bytes) -> bytes:
    word = unicodedata.normalize("NFC", passphrase).encode()
    return hashlib.scrypt(word, salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
