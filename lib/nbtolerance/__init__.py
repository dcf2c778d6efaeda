"""Execute a MyST-NB book once, render it, and check every output against a blessed reference.

    book/**/*.md ──execute──▶ store ──render──▶ the site          (sphinxext)
                                │
                                ├──compare──▶ pass or fail, per cell  (plugin, for pytest)
                                └──bless────▶ the references          (python -m nbtolerance)

Nothing here knows of any particular book.
"""
