#!/usr/bin/env python3
"""Checks a production volume without CaseKit: Python 3.8 or later, nothing else, no network.

    python3 verify.py                  check the volume in whose folder this file lies
    python3 verify.py --expect SHA256  and that its manifest.json has this hash, as a letter states it

It compares every file with the SHA-256 in manifest.json and in SHA256SUMS, and names files that are missing
and files that neither of the two names. Files change nothing by being checked. Exit code: 0 all is unchanged,
1 something is not, 2 the check could not be made.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"


def sha256(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def listed(folder):
    """The lines of the list of hashes as (hash, name); a line that is none is a ValueError."""
    found = []
    for number, line in enumerate((folder / SUMS).read_text("utf-8").splitlines(), 1):
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or digest.strip("0123456789abcdef") or not sound(name):
            raise ValueError("line %d of %s is no line of such a list" % (number, SUMS))
        found.append((digest, name))
    return found


def sound(name):
    return bool(name) and not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def check(folder, expected):
    """The sentences about what is not as it was written."""
    bad = []
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    own = sha256(folder / MANIFEST)
    print("SHA-256 of %s: %s" % (MANIFEST, own))
    if expected and own != expected.strip().lower():
        bad.append("%s has not the hash that was expected" % MANIFEST)
    sums = dict((name, digest) for digest, name in listed(folder))
    if sums.get(MANIFEST) != own:
        bad.append("%s is not the one that %s names" % (MANIFEST, SUMS))
    told = dict((file["path"], file["sha256"]) for file in manifest["files"])
    for name in sorted(set(told) | set(sums) - {MANIFEST}):
        if not sound(name):
            bad.append("%s is no path below the volume" % name)
            continue
        path = folder / name
        if told.get(name) != sums.get(name):
            bad.append("%s: %s and %s do not say the same" % (name, MANIFEST, SUMS))
        if path.is_symlink() or not path.is_file():
            bad.append("%s is not here" % name)
        elif sha256(path) not in (told.get(name), sums.get(name)) or sha256(path) != told.get(name):
            bad.append("%s is not as it was written" % name)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and name not in told and name not in (MANIFEST, SUMS):
            bad.append("%s does not belong to the volume" % name)
    print("%d files named" % len(told))
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--expect", metavar="SHA256", help="the hash of manifest.json as stated elsewhere")
    asked = parser.parse_args()
    try:
        bad = check(Path(__file__).resolve().parent, asked.expect)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print("The check could not be made: %s (%s)." % (error, type(error).__name__))
        return 2
    for text in bad:
        print("CHANGED %s" % text)
    print("All is unchanged." if not bad else "%d things are not as they were written." % len(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
