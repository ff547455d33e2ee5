"""Who or what is in a photo: where its faces are, and what of it is in front."""
