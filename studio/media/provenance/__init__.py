"""Where a film's pictures and sounds come from, said in the file itself and on paper.

`credits` finds which stretches were generated and by what, `identity` keeps the user's signing
identity, `sign` writes Content Credentials (C2PA) into a file, `report` prints for a client.
"""
