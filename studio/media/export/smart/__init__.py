"""Smart render: stretches of H.264 that nothing touches are copied, packet by packet.

`spans` finds what is untouched, `gops` where in a source it can be cut, `cutlist` makes a list of
copies and encodes of both, `write` carries it out; `nal` knows the bytes.
"""
