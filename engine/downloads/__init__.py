"""Downloads: models' files on their way to this machine, and where they live once here.

Files are named by pinned lists with hashes, fetched with resume, and given their final names only
when whole and verified. Nothing here imports torch or reads a tensor.
"""
