"""Fakes: small real implementations of our Protocols, for tests alone."""
