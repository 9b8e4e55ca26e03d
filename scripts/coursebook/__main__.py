"""``python -m coursebook``: what ``course.py`` hands over to."""

import sys

from coursebook.cli import main

sys.exit(main())
