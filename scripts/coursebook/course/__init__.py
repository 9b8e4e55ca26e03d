"""The book as its authors wrote it: reading order, chapters, conditionals, rules."""
