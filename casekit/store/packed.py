"""A case in one file: a ZIP of a case folder with a list of hashes, and the folder made from it again.

Members are `package.json` (what it is, and `files`: the SHA-256 and size of every other member), `case.json`,
`case.db` and `vault/aa/<sha256>`. Indexes are not in it: they are made again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import uuid
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

from casekit.errors import CaseKitError

ENDING = ".casereview"
ABOUT = "package.json"
CHUNK = 1 << 20
MOST_ABOUT = 64 << 20
_MEMBER = re.compile(r"case\.json|case\.db|vault/([0-9a-f]{2})/\1[0-9a-f]{62}")


def pack(folder: Path, out: Path, about: dict[str, Any]) -> str:
    """Write a closed case's folder into one file, and return the file's SHA-256 (hex).

    Args:
        folder: The case; nobody has it open.
        out: The file; it must not be there.
        about: What is told of it in `package.json`.
    """
    paths = [folder / "case.json", folder / "case.db"]
    paths += sorted(p for p in (folder / "vault").glob("??/*") if p.is_file())
    files: dict[str, dict[str, Any]] = {}
    with out.open("xb") as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
            for path in paths:
                name = path.relative_to(folder).as_posix()
                with path.open("rb") as source, box.open(name, "w", force_zip64=True) as member:
                    sha, size = _copy(source, member)
                files[name] = {"sha256": sha, "size": size}
            box.writestr(ABOUT, json.dumps({**about, "files": files}, indent=1))
        target.flush()
    with out.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def unpacked(file: Path) -> Path:
    """The case folder that lies beside a packed case, made from it where it is not there yet.

    Raises:
        CaseKitError: The file is damaged or was changed, or another case has the folder's name.
    """
    about = read_about(file)
    folder = file.with_name(file.name.removesuffix(ENDING) + ".casekit")
    if folder.exists():
        if _uuid_of(folder) != about.get("case"):
            raise CaseKitError(
                "{name} is there and is another case: move the package to another folder and open it there.",
                name=folder.name,
            )
        return folder
    building = file.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    try:
        _unpack(file, building, about["files"])
        building.rename(folder)
    except (OSError, zipfile.BadZipFile, RuntimeError, EOFError, KeyError) as error:
        raise CaseKitError(
            "{name} could not be opened ({why}): ask for it again, or free some space.",
            name=file.name, why=getattr(error, "strerror", None) or type(error).__name__,
        ) from error  # fmt: skip
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def read_about(file: Path) -> dict[str, Any]:
    """What a packed case says of itself.

    Raises:
        CaseKitError: The file is no packed case.
    """
    try:
        with zipfile.ZipFile(file) as box:
            info = box.getinfo(ABOUT)
            if info.file_size > MOST_ABOUT:
                raise ValueError(ABOUT)
            about = json.loads(box.read(info))
        if about["v"] != 1 or not all(_MEMBER.fullmatch(name) for name in about["files"]):
            raise ValueError(ABOUT)
        return dict(about)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, RuntimeError) as error:
        raise CaseKitError(
            "{name} is no review package: choose a file that ends in {ending}.",
            name=file.name,
            ending=ENDING,
        ) from error


def _unpack(file: Path, folder: Path, files: dict[str, dict[str, Any]]) -> None:
    with zipfile.ZipFile(file) as box:
        names = [name for name in box.namelist() if name != ABOUT]
        if sorted(names) != sorted(files):
            raise _changed(file, "its list of files is not what it holds")
        for name in ("index", "derived", "waiting", "vault/tmp"):
            (folder / name).mkdir(parents=True)
        for name, told in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            with box.open(name) as member, path.open("xb") as target:
                sha, size = _copy(member, target, most=int(told["size"]))
            if (sha, size) != (told["sha256"], told["size"]):
                raise _changed(file, f"{name} is not what was packed")
            if name.startswith("vault/"):
                path.chmod(0o440)
                if path.name != sha:
                    raise _changed(file, f"{name} is not what was packed")


def _changed(file: Path, why: str) -> CaseKitError:
    return CaseKitError(
        "{name} was changed or damaged after it was packed ({why}): ask for it again.",
        name=file.name,
        why=why,
    )


def _copy(source: Any, target: BinaryIO | Any, most: int | None = None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if most is not None and size > most:  # a small file that swells is no evidence of ours
            break
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _uuid_of(folder: Path) -> str:
    try:
        return str(json.loads((folder / "case.json").read_text("utf-8"))["case"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
