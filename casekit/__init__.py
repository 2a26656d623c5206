"""CaseKit: a desktop case manager for legal evidence in disputes over AI models."""

__version__ = "0.1.0"
