"""Changes to a film without a model that draws it, as an optical printer makes them."""
