"""READ: functions `(session, …) -> frozen rows`."""
