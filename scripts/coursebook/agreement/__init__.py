"""Running the book's cells in a real browser tab, and comparing what they print with the build."""
