"""What several modules of tests in a browser share, made once."""

from browser.live_book import live_book, visit

__all__ = ["live_book", "visit"]
