"""Work that needs several parts of CaseKit at once: verification, the demo, a dossier from the originals."""

FOLLOW = "--casekit-word-follower"
"""The word that makes a program the second process of an import, see `follow`."""
