"""Says when a case lies where other software may change it: sync folders and network drives."""

from __future__ import annotations

from pathlib import Path

SYNC_FOLDERS = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents",
                "nextcloud", "box sync", "syncthing", "pcloud", "mega")  # fmt: skip
NETWORK_KINDS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "afs",
    "ceph",
    "glusterfs",
}


def warnings(folder: Path) -> list[str]:
    """Sentences about the place of a case; none where it is safe."""
    found = []
    full = folder.resolve()
    for part in full.parts:
        if any(
            part.lower() == name or part.lower().startswith(name + " ") for name in SYNC_FOLDERS
        ):
            found.append(
                f"The case lies in the folder “{part}”, which looks like one that a sync program copies "
                "while CaseKit writes: that can damage it. Move the case to a folder of this computer only."
            )
            break
    kind = file_system(full)
    if kind in NETWORK_KINDS:
        found.append(
            f"The case lies on a network drive ({kind}), where locks are not reliable: that can damage it. "
            "Move the case to a disk of this computer."
        )
    return found


def file_system(folder: Path) -> str:
    """Kind of file system that holds `folder`, as the system names it; empty where it does not say."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in mounts:
        fields = line.split()
        point = fields[1].replace("\\040", " ")
        inside = folder == Path(point) or Path(point) in folder.parents
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
