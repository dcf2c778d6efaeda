"""Plain ``.ipynb`` notebooks, held against the outputs that are stored in them.

    notebook ──run──▶ outputs ──drift──▶ what is a result ──compare──▶ verdict, with its cause

Such a notebook was run years ago, with other versions: what a library prints differently today is
drift of its layout, what it computes differently is a change of the result.
"""
