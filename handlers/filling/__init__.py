"""What an organization's contact fills in: registering, filing, uploading, and what is their own."""
