"""The background engine: protocol, server, worker, abilities, models and training.

Nothing here imports the studio or Qt; torch is imported only below worker, abilities, models,
sampling and training.
"""
