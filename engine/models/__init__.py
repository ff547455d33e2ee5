"""Model families, one folder each: moviegen is our own, the others are driven through diffusers."""
