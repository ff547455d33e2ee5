"""The background engine: protocol, server, worker, abilities, models and training.

Nothing here imports the studio or Qt; torch is imported only below worker, abilities, models,
sampling and training.
"""

__version__ = "0.1.0"
"""Written into every recipe this engine completes."""
