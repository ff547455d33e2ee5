"""The schema: frozen, slotted values that a project is made of. Data only; verbs are in `edits`.

    Project ─┬─ Asset                    immutable media bytes, by SHA-256
             └─ Sequence ─┬─ Marker
                          └─ Track ── Clip | Gap | Transition
                                       Clip.media: AssetMedia | GeneratedMedia | TitleMedia
                                                   | CaptionMedia | GeneratorMedia
                                                   | AdjustmentMedia | SequenceMedia | UnknownMedia

Clips on a track follow one another and gaps fill the space between, as in OpenTimelineIO: there
is no position to keep right, two clips cannot overlap, and a ripple changes one object rather
than every later one. Where something lies is a question for `studio.document.queries`.
"""
