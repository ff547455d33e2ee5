"""One compositor for viewer and export: a frame of a sequence at a time, as a picture.

`render` is the entry. A clip becomes a `layer` (fitted, moved, coloured), layers are drawn on a
`canvas` bottom to top. Pictures stay 4:2:0 until something needs RGB.
"""
