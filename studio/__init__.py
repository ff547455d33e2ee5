"""The studio: the desktop editor. It knows an engine only through `engine.protocol`."""
