"""What can go wrong with a document, each as one clear sentence.

DocumentError
├── EditError           an edit that cannot be made; nothing has changed
└── FileError           the project file
    ├── NotFound        no file there
    ├── NotAProject     some other kind of file
    ├── Corrupt         a project file that cannot be read
    ├── InUse           open in another studio
    ├── ReadOnly        opened read-only, and asked to change
    ├── DiskFull        no room left
    └── Unwritable      the folder or file refuses writing
"""

from __future__ import annotations


class DocumentError(Exception):
    """The root. `str` of one is a sentence for people: what happened, and what to do next."""


class EditError(DocumentError):
    """An edit that cannot be made. The project is as it was."""


class FileError(DocumentError):
    """The project file could not be read or written."""


class NotFound(FileError):
    """There is no file at that path."""


class NotAProject(FileError):
    """The file is not a Workprint project."""


class Corrupt(FileError):
    """The file is a Workprint project, damaged beyond reading."""


class InUse(FileError):
    """Another studio has the project open for editing."""


class ReadOnly(FileError):
    """The project is open read-only."""


class DiskFull(FileError):
    """The disk has no room for the change."""


class Unwritable(FileError):
    """The system refuses to write there."""
