"""The edit verbs: pure functions from one project to the next, a module for each family.

Each docstring draws a track before and after, and says what stays as it was. Frames are the
sequence's; ids name objects of the project given. A verb that cannot be carried out raises
`EditError` with one sentence, and since the project is immutable, nothing has changed.

    insert     insert, overwrite, append, replace, fit_to_fill, three_point, four_point
    trim       trim, ripple_trim, roll, slip, slide
    cut        razor, lift, extract, delete, ripple_delete, close_gap, close_all_gaps
    move       move, duplicate, swap
    link       link, unlink, group, ungroup
    nest       nest, unnest
    speed      set_speed, reverse, freeze, hold_frame, set_ramp
    clips      names, colours, levels that are a clip's own, what a clip shows
    tracks     add, remove, reorder, lock, mute, solo, hide
    sequences  add, remove, rename, format
    markers, transitions, effects, parameters, captions, titles
    takes      recipes, jobs, takes, conform
    stale      mark_stale, mark_users_stale
    assets     add, remove, relink, proxies
    bins       folders of the media bin, what lies in them, labels there

Below them lie `splicer`, which cuts and joins tracks, and `rebuild`, which puts a changed object
back where it was.
"""
