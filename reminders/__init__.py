"""Who owes what by when: the ladder of a notice's reminders, broadcasts of staff, events."""
