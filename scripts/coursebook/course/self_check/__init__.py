"""What an author writes to let readers check themselves, as plain text: parts, and tasks."""
