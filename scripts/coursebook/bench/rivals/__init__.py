"""Two other ways to run cells in a page, put together from registries for the bench alone.

Nothing of this is part of a book, or of its lock: versions and hashes stand in this folder.
"""
