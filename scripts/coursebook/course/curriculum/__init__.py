"""What a course promises to teach, and where it does.

``items.py`` reads the promise, ``marks.py`` finds the marks of authors, ``coverage.py`` puts both
together, and ``table.py`` prints it.
"""
