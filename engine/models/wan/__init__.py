"""The Wan family of open video models, over diffusers' networks and schedulers.

The denoise loop is ours, so that every block can be cancelled, every step shown, and each network
be where the plan wants it; a test holds it against diffusers' own pipelines.
"""
