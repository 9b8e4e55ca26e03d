"""A whole course as one file that needs nothing but a Python: for a lecture without a network."""
