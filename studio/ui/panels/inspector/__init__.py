"""The inspector: what is selected, in sections that can be folded away."""
