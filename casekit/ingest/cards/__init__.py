"""Calendars and address books: their lines, their times, and the files written into them."""
