"""Mutation testing of ``lib/learning``, judged by the chapters, and of the checker, by its tests.

A mutant is a library with one small fault. A chapter that uses the faulty line and still passes its
check does not report something that it should; tests that do lack a case. ``python -m
tests.mutants`` makes the mutants with cosmic-ray, in a copy of the tree, and lists those that no
judge notices.
"""
