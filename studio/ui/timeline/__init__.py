"""The timeline: geometry, painting, tools and gestures."""
