"""The desktop: three panes over a case; the only part of CaseKit that knows Qt."""
