"""Work that needs several parts of CaseKit at once: verification, the demo, a dossier from the originals."""
