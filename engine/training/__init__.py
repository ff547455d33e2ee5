"""Data, recipes and evaluation of the pocket cast: what `main.py train` and `evaluate` run.

Nothing here is needed to generate; a user's machine without the training data never imports it.
"""
