"""Cut-out animation: a picture with alpha moved over another, as an animatic does it."""
