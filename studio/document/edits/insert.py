"""Bringing clips in: insert, overwrite, append, replace, paste.

What is brought in comes as pieces (`source`): clips made ready, each with the track that takes
it. Their ids are replaced by new ones; links between them are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from studio.document.edits.rebuild import change_clip
from studio.document.edits.source import Piece, check_pieces, lay_pieces, length_of
from studio.document.edits.splicer import Splicer
from studio.document.errors import EditError
from studio.document.model.clip import AssetMedia, ConstantSpeed, Media
from studio.document.model.project import Project
from studio.document.model.record import Id
from studio.document.model.sequence import TrackKind
from studio.document.queries.places import asset_by_id, locate_clip, with_linked
from studio.document.time import Time


def overwrite(project: Project, sequence_id: Id, start: int, pieces: Sequence[Piece]) -> Project:
    """Lay clips over whatever is there.

        |    A    | B |  C  |   ->   |  A  | NEW | C |

    Stays: the place of everything else. Clips under the new ones are cut short, cut in two or
    covered whole; transitions at the new edges go. Other tracks are not touched.
    Raises: EditError for a locked or unsuitable track, or a start before 0.
    """
    splicer = Splicer(project, sequence_id)
    check_pieces(splicer, start, pieces)
    lay_pieces(splicer, start, pieces)
    return splicer.finish()


def insert(project: Project, sequence_id: Id, start: int, pieces: Sequence[Piece]) -> Project:
    """Bring clips in and move what comes later out of the way.

        |    A    | B |   ->   |  A | NEW | A' | B |

    The clips that the start falls on are cut, on the tracks that take a piece and on those linked
    to them. Later clips and markers move on every synced, unlocked track.
    Stays: all media; everything before `start`; the length of every clip that is not cut.
    Raises: EditError for a locked or unsuitable track, or a start before 0.
    """
    splicer = Splicer(project, sequence_id)
    check_pieces(splicer, start, pieces)
    splicer.open_time(start, length_of(pieces), {piece.track_id for piece in pieces})
    lay_pieces(splicer, start, pieces)
    return splicer.finish()


def append(project: Project, sequence_id: Id, pieces: Sequence[Piece]) -> Project:
    """Put clips after the last clip of the tracks that take them, all at one frame.

        | A |  B  |        ->   | A |  B  | NEW |
        |  C  |                 |  C  |   | new |

    Stays: everything.
    Raises: EditError for a locked or unsuitable track.
    """
    splicer = Splicer(project, sequence_id)
    check_pieces(splicer, 0, pieces)
    end = max(splicer.track(piece.track_id).duration for piece in pieces)
    lay_pieces(splicer, end, pieces)
    return splicer.finish()


def replace_media(project: Project, clip_id: Id, media: Media, source_start: Time) -> Project:
    """Show other media in a clip's place.

        | A | B | C |   ->   | A | N | C |

    Stays: the clip's place, length, effects, fades, links and markers, and every other clip.
    Raises: EditError when there is no such clip, or its track is locked.
    """
    return change_clip(
        project,
        clip_id,
        lambda clip: replace(clip, media=media, source_start=source_start, speed=ConstantSpeed()),
    )


def replace_with_asset(
    project: Project, clip_ids: Collection[Id], asset_id: Id, source_start: Time
) -> Project:
    """Show an asset in the place of clips and of those linked to them, from one moment on.

        | A | B | C |        ->   | A | N | C |
            | b |                     | n |

    A sound linked to a picture keeps playing what it did where the asset has none.
    Stays: as in `replace_media`.
    Raises: EditError when the asset has nothing that the clips could show, or a track is locked.
    """
    asset = asset_by_id(project, asset_id)
    replaced = 0
    for clip_id in sorted(with_linked(project, clip_ids)):
        kind = locate_clip(project, clip_id)[0].track.kind
        has = asset.video if kind is TrackKind.VIDEO else asset.audio
        if has and kind is not TrackKind.CAPTION:
            media = AssetMedia(asset_id=asset_id)
            project = replace_media(project, clip_id, media, source_start)
            project = change_clip(project, clip_id, lambda clip: replace(clip, name=asset.name))
            replaced += 1
    if not replaced:
        raise EditError(f"{asset.name} has nothing to show or hear in that clip's place.")
    return project


def paste(
    project: Project, sequence_id: Id, start: int, pieces: Sequence[Piece], *, ripple: bool
) -> Project:
    """Bring copied clips in, keeping their distances: `insert` when `ripple`, else `overwrite`.

    Stays: as in the verb used.
    Raises: EditError as the verb used does.
    """
    place = insert if ripple else overwrite
    return place(project, sequence_id, start, pieces)
