"""The wire between the studio and an engine: typed, versioned messages and nothing heavier.

Both sides import this package, so it depends on msgspec and the standard library alone. Every
struct has a golden file under tests/goldens/protocol. Fields are added with defaults and never
renamed or reused; a change that an older peer would misread raises PROTOCOL_VERSION.
"""

PROTOCOL_VERSION = 1
"""Sent in the `Workprint-Protocol` header; a server answers 426 to a newer one than it knows."""
