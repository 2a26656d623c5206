#!/usr/bin/env python3
"""Checks a CaseKit dossier without CaseKit: Python 3.8 or later, nothing else, no network.

    python3 NAME.verify.py                  check what lies in the folder of this file
    python3 NAME.verify.py --expect SHA256  and that the PDF is the one with this hash, as a letter or a
                                            certificate states it

Of a public and a sealed copy each is checked with its own program, and the other one where it lies here too.
It compares the PDF, or all its parts, with the SHA-256 in NAME.manifest.json, every file that lies here with NAME.SHA256SUMS,
and native files and records, wherever they lie below this folder and whatever they are called, with the
hashes of the manifest. Of a dossier signed inside it shows that the bytes before the signature are those that
were issued; the signature itself is checked by a PDF reader, one beside the PDF by OpenSSL, with the command
that is printed. Files change nothing by being checked. Exit code: 0 all that is here is unchanged,
1 something is not, 2 the check could not be made.

The same can be done by hand; the dossier prints how.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

SUMS, MANIFEST, VERIFY = ".SHA256SUMS", ".manifest.json", ".verify.py"


def sha256(path, size=None):
    """Of a file, or of its first `size` bytes."""
    digest = hashlib.sha256()
    left = path.stat().st_size if size is None else size
    with path.open("rb") as file:
        while left > 0:
            piece = file.read(min(left, 1 << 20))
            if not piece:
                break
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()


def canonical(value):
    """The one form that a manifest has: UTF-8, keys sorted by code point, no white space, a line feed."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


class Check:
    def __init__(self, folder, stem):
        self.folder, self.stem, self.bad = folder, stem, 0

    def say(self, good, text):
        self.bad += not good
        print(("ok      " if good else "CHANGED ") + text)

    def manifest(self):
        path = self.folder / (self.stem + MANIFEST)
        data = path.read_bytes()
        found = json.loads(data.decode("utf-8"))
        self.say(data == canonical(found), path.name + " is in its one form")
        return found

    def dossier(self, manifest, expected):
        told, parts = manifest["dossier"], manifest.get("parts")
        found = []
        for one in parts or [told]:
            path = self.folder / Path(one["name"]).name
            if not path.is_file():
                self.say(False, one["name"] + " is not here")
                continue
            found.append((one["name"], sha256(path)))
            self.say(found[-1][1] == one["sha256"], one["name"] + " is the one that the manifest names")
            print("        SHA-256 " + found[-1][1])
        if parts:
            lines = "".join("%s  %s\n" % (digest, name) for name, digest in found)
            found = [("the dossier in %d parts" % len(parts), hashlib.sha256(lines.encode("utf-8")).hexdigest())]
            self.say(found[0][1] == told["sha256"], "all parts together are the dossier that the manifest names")
            print("        SHA-256 of the lines \"HASH  NAME\" of all parts " + found[0][1])
        for one in manifest.get("natives_beside", ()):
            path = self.folder / Path(one["name"]).name
            here = path.is_file() and sha256(path) == one["sha256"]
            self.say(here, one["name"] + (" is the native that the manifest names" if path.is_file() else " is not here"))
        if expected and found:
            self.say(found[0][1] == expected.strip().lower(), found[0][0] + " has the hash that was expected")

    def signature(self, manifest):
        told = manifest.get("signature")
        name = manifest["dossier"]["name"]
        if not told:
            return
        issued = [dict(told["issued"], name=name)] if "issued" in told else told.get("issued_parts", ())
        for one in issued:
            path = self.folder / Path(one["name"]).name
            own = sha256(path, one["size"]) if path.is_file() else ""
            self.say(own == one["sha256"], one["name"] + " begins with the bytes that were issued")
        signed = len(issued) if told["where"] == "inside" else sum(
            file["name"].endswith(".p7s") for file in told.get("files", ()))
        self.say(signed == len(manifest.get("parts") or [name]), "every file of the dossier is named as signed")
        for file in told.get("files", ()):
            path = self.folder / Path(file["name"]).name
            name = path.name[: -len(".p7s")]
            self.say(path.is_file() and sha256(path) == file["sha256"], path.name + " is the one named")
            if path.name.endswith(".p7s"):
                print("        openssl cms -verify -binary -inform DER -in %s -content %s -CAfile ROOT.pem "
                      "-purpose any -out %s" % (path.name, name, os.devnull))
            if path.name.endswith(".tsr"):
                print("        openssl ts -verify -data %s -in %s -CAfile ROOT.pem" % (name, path.name))
        print("        signed by %s, certificate SHA-256 %s" % (told["signer"], told["certificate_sha256"]))

    def copy(self, manifest):
        told = manifest.get("copy")
        if not told:
            return
        other, kinds = told["other"], {"public": "sealed", "sealed": "public"}
        self.say(told["kind"] in kinds, "it is the %s copy of two" % told["kind"])
        for one in other.get("parts") or [other]:
            path = self.folder / Path(one["name"]).name
            what = "%s is the %s copy that the manifest names" % (path.name, kinds.get(told["kind"], "other"))
            if path.is_file():
                self.say(sha256(path) == one["sha256"] or self.signed(path, one), what)
            else:
                print("        %s is not here, SHA-256 %s" % (path.name, one["sha256"]))

    def signed(self, path, told):
        """Whether a file begins with the bytes told, and its own manifest says that it was signed since."""
        own = self.folder / (path.stem + MANIFEST)
        if not own.is_file() or sha256(path, told["size"]) != told["sha256"]:
            return False
        found = json.loads(own.read_text("utf-8"))
        return "signature" in found and found["dossier"]["sha256"] == sha256(path)

    def sums(self):
        path = self.folder / (self.stem + SUMS)
        if not path.is_file():
            self.say(False, path.name + " is not here")
            return
        named = set()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            digest, _, name = line.partition("  ")
            sound = len(digest) == 64 and not digest.strip("0123456789abcdef")
            if not name or not sound or name.startswith("/") or ".." in name.split("/"):
                self.say(False, "%s, line %d is no line of such a list" % (path.name, number))
                continue
            named.add(name)
            if (self.folder / name).is_file():
                self.say(sha256(self.folder / name) == digest, name)
        for ending in (MANIFEST, VERIFY):
            if self.stem + ending not in named:
                self.say(False, path.name + " does not name " + self.stem + ending)

    def natives(self, manifest):
        wanted = {}
        for exhibit in manifest["exhibits"]:
            for item in exhibit.get("items", ()):
                wanted[item["record_sha256"]] = "record of Exhibit " + exhibit["label"]
        for original in manifest["originals"]:
            wanted[original["sha256"]] = "file of Exhibit " + ", ".join(original["exhibits"])
        own = {self.stem + end for end in (SUMS, MANIFEST, VERIFY)} | {manifest["dossier"]["name"]}
        own |= {part["name"] for part in manifest.get("parts", ())}
        here = [p for p in sorted(self.folder.rglob("*")) if p.is_file() and p.name not in own]
        found = 0
        for path in here:
            name = wanted.get(sha256(path))
            if name:
                found += 1
                self.say(True, "%s is the %s" % (path.relative_to(self.folder).as_posix(), name))
        print("        %d of %d native files and records are here" % (found, len(wanted)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--expect", metavar="SHA256", help="the PDF's hash as stated elsewhere")
    asked = parser.parse_args()
    own = Path(__file__).resolve()
    check = Check(own.parent, own.name[: -len(VERIFY)] if own.name.endswith(VERIFY) else own.stem)
    try:
        manifest = check.manifest()
        check.dossier(manifest, asked.expect)
        check.copy(manifest)
        check.signature(manifest)
        check.sums()
        check.natives(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print("The check could not be made: %s (%s)." % (error, type(error).__name__))
        return 2
    print("All that is here is unchanged." if not check.bad else "%d things are not as they were written." % check.bad)
    return 1 if check.bad else 0


if __name__ == "__main__":
    sys.exit(main())
