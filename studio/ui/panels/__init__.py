"""Panels around the viewer and the timeline."""
