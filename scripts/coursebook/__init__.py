"""The engine: makes a site and a deck from one Markdown source, with cells that really run.

It knows nothing of the content of this course; see CONTRIBUTING.md for the map.
"""
