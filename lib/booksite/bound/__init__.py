"""The built site, bound: as one PDF for paper, and as an EPUB for e-readers.

Both are made of the pages that the site serves, in the order of the table of contents, so that
they show the same figures, numbers and formulas. :mod:`~booksite.bound.chapters` reads them.
:mod:`~booksite.bound.still` takes out what needs a screen and a script,
:mod:`~booksite.bound.solutions` moves the solutions of the exercises to the back, and
:mod:`~booksite.bound.links` lets links lead to where things now stand.
:mod:`~booksite.bound.pdf` prints the book with Chromium, and :mod:`~booksite.bound.epub` packs it.
"""
