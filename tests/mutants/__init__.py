"""Mutation testing of ``lib/learning``, with the chapters' outputs as the only judge.

A mutant is the library with one small fault. A chapter that uses the faulty line and still passes
its check does not report something that it should. ``python -m tests.mutants`` makes the mutants
with cosmic-ray, in a copy of the tree, and lists those that no chapter notices.
"""
