"""Widgets: views over the session. They hold the model; the model never holds them."""
