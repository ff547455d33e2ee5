"""Effects on pictures, one module per family; `apply.apply_effects` runs a clip's list."""
