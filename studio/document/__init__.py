"""The document: what a project is, how it is edited, and how it is kept on disk.

Frozen dataclasses (`model`), exact time (`time`, `timecode`), edit verbs (`edits`), the table of
effects (`catalogue`), read-only questions (`queries`), undo (`history`) and the project file
(`file`). Standard library only: no Qt, no media decoding, no engine. A project is a value; an
edit is a pure function from one project to the next, so an edit that raises has changed nothing.
"""
