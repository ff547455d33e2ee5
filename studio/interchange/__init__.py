"""Interchange: projects to and from other editors, through OpenTimelineIO and its adapters.

    .otio .otioz   everything, takes and recipes included
    .fcpxml        Final Cut Pro X, Resolve
    .xml           Final Cut Pro 7, Premiere, Resolve
    .edl           CMX3600, one track of pictures

`read` and `write` (in `files`) return what a format could not carry, as sentences for the user.
Nothing is dropped without being listed. Beside `studio.document`, which imports the standard
library only, because OpenTimelineIO is a library (docs/decisions).
"""
