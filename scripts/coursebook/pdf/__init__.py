"""Paper: each deck as a PDF, a handout for each chapter, and the whole course as a book.

What was rendered for the screen is put together anew for paper and printed by Chromium; what a
browser cannot say about a PDF is added afterwards::

    make → deck, handout, book → code_lines, links      HTML for paper, from rendered pages
         → printing                                     Chromium makes a PDF of it
         → stamping, finishing                          pictures of slides, bookmarks, metadata
"""
