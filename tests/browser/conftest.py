"""What several modules of tests in a browser share, made once."""

from browser.fault_reader import faulty_book
from browser.live_book import live_book, visit
from browser.live_site import live_host, live_site

__all__ = ["faulty_book", "live_book", "live_host", "live_site", "visit"]
