"""Work that needs several parts of CaseKit at once: verification, the demo, a dossier from the originals."""

from __future__ import annotations

from collections.abc import Sequence

FOLLOW = "--casekit-word-follower"
"""The word that makes a program the second process of an import, see `follow`."""


def run_if_follower(arguments: Sequence[str]) -> bool:
    """Be the follower if the arguments say so; whether they did. To be asked before anything else is loaded."""
    if arguments[:1] != [FOLLOW]:
        return False
    from casekit.jobs import follow

    follow.main(list(arguments[1:]))
    return True
