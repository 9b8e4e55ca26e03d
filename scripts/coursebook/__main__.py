"""``python -m coursebook``: what ``course.py`` hands over to."""

import sys

from coursebook.cli import main

if __name__ == "__main__":
    sys.exit(main())
