"""WRITE: functions `(session, …) -> Changes`, each one act in the custody log."""
