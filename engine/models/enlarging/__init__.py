"""Enlarging: pictures drawn anew at a larger size, one by one, by a small convolutional network."""
