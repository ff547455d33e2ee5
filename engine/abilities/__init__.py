"""Abilities: one module per thing a model family can do, from a recipe to saved outputs.

An ability is a function `run(recipe: Recipe, context: JobContext) -> tuple[Output, ...]`. It may
import torch; this package's __init__, context and registry may not.
"""
