"""The source as its author wrote it: outline, chapters, conditionals, rules."""
