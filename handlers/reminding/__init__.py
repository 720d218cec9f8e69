"""What reminders and events say, and what is owed by when."""
