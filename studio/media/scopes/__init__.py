"""What a picture's signal is: traces of it as arrays, and where a scope's targets lie. No paint."""
