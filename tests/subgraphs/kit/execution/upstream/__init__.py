"""Strawberry's own test suite, on the stock executor and on the compiled one, compared test by test.

``python -m tests.subgraphs.kit.execution.upstream CHECKOUT`` takes a checkout of Strawberry's repository (its releases have no
tests in them), at whichever tag is wanted; nothing of it is written to. The tests run against the Strawberry that is installed
here. What they need besides is installed into an environment of their own, which is kept for the next time.
"""
