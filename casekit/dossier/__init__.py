"""From exhibits and findings to paper: what is decided, how it is set in type, and how it is checked."""
