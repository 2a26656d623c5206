"""The case on disk: its folder, database, originals and custody log."""
