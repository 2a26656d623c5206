"""What all tables of a case's database are made of: the one collection of them, and columns that many have."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Text

metadata = MetaData()


def id_column() -> Column[int]:
    """The primary key of a table whose rows are numbered."""
    return Column("id", Integer, primary_key=True)


def text_column(name: str, *, null: bool = True) -> Column[str]:
    """A column of text."""
    return Column(name, Text, nullable=null)
