"""Questions about a project: pure functions that read and never change.

`places` finds things, `layers` says what is seen and heard at a time, `media` what lies behind a
clip, `limits` how far a drag may go, `points` where a playhead or a drag should stop, `levels`
how strong a clip is at a frame.
"""
