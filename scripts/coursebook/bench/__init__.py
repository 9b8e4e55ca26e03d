"""Measuring the machine: generated books, and what building them costs."""
