"""Bytes to pictures and samples, exact to the frame and to the sample. No compositing here."""
