"""Serving a book while it is being written: the server, the watcher, and what they tell pages."""
