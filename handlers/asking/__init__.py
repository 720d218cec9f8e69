"""Questions to the notices, outside and in the middle of forms, and the notices to be read."""
