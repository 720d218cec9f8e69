"""The desks of staff: who filed, the tables, broadcasts, and questions to answer."""
