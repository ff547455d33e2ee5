"""Sampling: flow matching, time schedules, guidance and multi-diffusion, free of any one model."""
