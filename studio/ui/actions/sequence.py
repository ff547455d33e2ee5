"""Commands of the Sequence, Mark, Playback and View menus."""

from __future__ import annotations

from functools import partial

from studio.document.model.sequence import TrackKind
from studio.session.source_edits import SourceEdits
from studio.session.transport import Transport
from studio.ui.actions.command import Command
from studio.ui.actions.edit import has_clips
from studio.ui.actions.file import writable
from studio.ui.desk import Desk
from studio.ui.timeline.state import Tool
from studio.ui.viewer.frame_lines import FrameLine
from studio.ui.viewer.taking import Handles


def _tool(tool: Tool, desk: Desk) -> None:
    desk.timeline.set_tool(tool)


def _is_tool(tool: Tool, desk: Desk) -> bool:
    return desk.timeline.tool is tool


def _transport(desk: Desk) -> Transport:
    """The transport of the viewer in front."""
    return desk.workspace.active_transport


def _step(frames: int, desk: Desk) -> None:
    _transport(desk).step(frames)


def _second(sign: int, desk: Desk) -> None:
    transport = _transport(desk)
    transport.step(sign * round(transport.rate))


def _marked(desk: Desk) -> bool:
    transport = desk.session.transport
    return writable(desk) and (transport.in_frame is not None or transport.out_frame is not None)


def _has_cut(desk: Desk) -> bool:
    return writable(desk) and desk.timeline.duration > 0


def _toggle_snapping(desk: Desk) -> None:
    desk.timeline.set_snapping(not desk.timeline.snapping)
    desk.preferences.update(snapping=desk.timeline.snapping)


def _toggle_handles(handles: Handles, desk: Desk) -> None:
    chosen = Handles.OFF if _has_handles(handles, desk) else handles
    desk.preferences.update(viewer_handles=chosen.value)


def _has_handles(handles: Handles, desk: Desk) -> bool:
    return desk.preferences.settings.viewer_handles == handles.value


def _toggle_line(line: FrameLine, desk: Desk) -> None:
    lines = {*desk.preferences.settings.frame_lines} ^ {line.value}
    desk.preferences.update(frame_lines=tuple(sorted(lines)))


def _has_line(line: FrameLine, desk: Desk) -> bool:
    return line.value in desk.preferences.settings.frame_lines


def _toggle_meters(desk: Desk) -> None:
    desk.preferences.update(sound_meters=not desk.preferences.settings.sound_meters)


def _clear_marks(desk: Desk) -> None:
    _transport(desk).mark_in(None)
    _transport(desk).mark_out(None)


def _several_tabs(desk: Desk) -> bool:
    return len(desk.session.tabs.open_ids) > 1


def _go_to_tab(step: int, desk: Desk) -> None:
    desk.session.open_sequence(desk.session.tabs.neighbour(desk.session.sequence_id, step))


TOOLS: tuple[Command[Desk], ...] = tuple(
    Command(
        f"tool.{tool.value}", title, "View/Tools", partial(_tool, tool), (key,),
        checked=partial(_is_tool, tool),
    )
    for tool, title, key in (
        (Tool.SELECT, "Select tool", "V"),
        (Tool.RIPPLE, "Ripple tool", "B"),
        (Tool.ROLL, "Roll tool", "N"),
        (Tool.SLIP, "Slip tool", "Y"),
        (Tool.SLIDE, "Slide tool", "U"),
        (Tool.RAZOR, "Razor tool", "C"),
        (Tool.HAND, "Hand tool", "H"),
    )
)  # fmt: skip

LINES: tuple[Command[Desk], ...] = tuple(
    Command(
        f"view.{line.value}", title, "View", partial(_toggle_line, line), keys,
        checked=partial(_has_line, line), section=2, words=words,
    )
    for line, title, keys, words in (
        (FrameLine.SAFE, "Safe areas", ("Ctrl+Shift+A",), "action title EBU R95 SMPTE ST 2046"),
        (FrameLine.THIRDS, "Rule of thirds", (), "grid overlay composition"),
        (FrameLine.CROSS, "Centre cross", (), "middle overlay"),
    )
)  # fmt: skip

PANELS: tuple[Command[Desk], ...] = tuple(
    Command(
        f"panel.{name.lower()}", name, "View/Panels",
        lambda desk, name=name: desk.workspace.show_panel(name), (key,),
    )
    for name, key in (
        ("Media", "Shift+1"),
        ("Source", "Shift+2"),
        ("Program", "Shift+3"),
        ("Timeline", "Shift+4"),
        ("Inspector", "Shift+5"),
        ("Library", "Shift+6"),
        ("Jobs", "Shift+7"),
        ("History", "Shift+8"),
        ("Scopes", "Shift+9"),
        ("Generate", "Ctrl+Shift+N"),
    )
)  # fmt: skip

COMMANDS: tuple[Command[Desk], ...] = (
    Command(
        "sequence.insert", "Insert from source", "Sequence",
        lambda d: d.workspace.source_edit(partial(SourceEdits.lay, push=True)), (",",),
        icon="insert", enabled=writable, words="three point backtime",
    ),
    Command(
        "sequence.overwrite", "Overwrite from source", "Sequence",
        lambda d: d.workspace.source_edit(partial(SourceEdits.lay, push=False)), (".",),
        icon="overwrite", enabled=writable, words="three point backtime",
    ),
    Command(
        "sequence.append", "Append source to the end", "Sequence",
        lambda d: d.workspace.source_edit(SourceEdits.append), ("Shift+F12",), enabled=writable,
        words="add last",
    ),
    Command(
        "sequence.fit", "Fit source to fill the marked range", "Sequence",
        lambda d: d.workspace.source_edit(SourceEdits.fit_to_fill), ("Shift+F11",),
        enabled=writable, words="four point speed",
    ),
    Command(
        "sequence.replace", "Replace selected clip with source", "Sequence",
        lambda d: d.workspace.source_edit(SourceEdits.replace), ("Shift+R",), enabled=has_clips,
        words="swap media",
    ),
    Command(
        "sequence.lift", "Lift marked range", "Sequence", lambda d: d.editing.lift(), (";",),
        enabled=_marked, section=1,
    ),
    Command(
        "sequence.extract", "Extract marked range", "Sequence", lambda d: d.editing.extract(),
        ("'",), enabled=_marked, section=1,
    ),
    Command(
        "sequence.close_gaps", "Close all gaps on the target track", "Sequence",
        lambda d: d.editing.close_gaps(), enabled=writable, section=1,
    ),
    Command(
        "sequence.add_video", "Add video track", "Sequence",
        lambda d: d.editing.add_track(TrackKind.VIDEO), enabled=writable, section=2,
    ),
    Command(
        "sequence.add_audio", "Add audio track", "Sequence",
        lambda d: d.editing.add_track(TrackKind.AUDIO), enabled=writable, section=2,
    ),
    Command(
        "sequence.add_caption", "Add caption track", "Sequence",
        lambda d: d.editing.add_track(TrackKind.CAPTION), enabled=writable, section=2,
    ),
    Command(
        "sequence.caption", "Add caption at playhead", "Sequence",
        lambda d: d.dressing.add_caption(), ("Ctrl+Alt+T",), icon="captions", enabled=writable,
        section=2, words="subtitle text speech",
    ),
    Command(
        "sequence.conform", "Conform…", "Sequence", lambda d: d.workspace.conform(),
        ("Ctrl+Alt+O",), icon="wand-sparkles", enabled=_has_cut, section=4,
        words="final quality upgrade online drafts render again server gpu finish",
    ),
    Command(
        "sequence.new", "New sequence…", "Sequence", lambda d: d.workspace.new_sequence(),
        enabled=writable, section=3,
    ),
    Command(
        "sequence.duplicate", "Duplicate this sequence", "Sequence",
        lambda d: d.editing.duplicate_sequence(), enabled=writable, section=3,
        words="version copy",
    ),
    Command(
        "sequence.remove", "Remove this sequence", "Sequence",
        lambda d: d.editing.remove_sequence(), enabled=writable, section=3, words="delete",
    ),
    Command(
        "sequence.next_tab", "Next sequence tab", "Sequence", partial(_go_to_tab, 1),
        ("Ctrl+Tab",), enabled=_several_tabs, section=5, words="switch timeline",
    ),
    Command(
        "sequence.previous_tab", "Previous sequence tab", "Sequence", partial(_go_to_tab, -1),
        ("Ctrl+Shift+Tab",), enabled=_several_tabs, section=5, words="switch timeline",
    ),
    Command(
        "sequence.close_tab", "Close this sequence tab", "Sequence",
        lambda d: d.session.close_tab(d.session.sequence_id), ("Ctrl+W",),
        enabled=_several_tabs, section=5, words="timeline",
    ),
    Command(
        "mark.in", "Mark in", "Mark",
        lambda d: _transport(d).mark_in(_transport(d).position), ("I",),
    ),
    Command(
        "mark.out", "Mark out", "Mark",
        lambda d: _transport(d).mark_out(_transport(d).position + 1), ("O",),
    ),
    Command("mark.clear", "Clear in and out", "Mark", _clear_marks, ("Alt+X",)),
    Command(
        "mark.go_in", "Go to in", "Mark",
        lambda d: _transport(d).seek(_transport(d).range_frames[0]), ("Shift+I",), section=1,
    ),
    Command(
        "mark.go_out", "Go to out", "Mark",
        lambda d: _transport(d).seek(max(0, _transport(d).range_frames[1] - 1)), ("Shift+O",),
        section=1,
    ),
    Command(
        "mark.marker", "Add marker", "Mark", lambda d: d.dressing.add_marker(), ("M",),
        icon="bookmark", enabled=writable, section=2,
    ),
    Command(
        "mark.edit_marker", "Edit marker…", "Mark", lambda d: d.workspace.edit_marker(),
        ("Shift+M",), enabled=writable, section=2,
    ),
    Command(
        "mark.next", "Next marker", "Mark", lambda d: d.editing.go_to_marker(1), ("Ctrl+Down",),
        section=3,
    ),
    Command(
        "mark.previous", "Previous marker", "Mark", lambda d: d.editing.go_to_marker(-1),
        ("Ctrl+Up",), section=3,
    ),
    Command(
        "play.toggle", "Play or pause", "Playback", lambda d: _transport(d).toggle(), ("Space",)
    ),
    Command("play.back", "Shuttle back", "Playback", lambda d: _transport(d).shuttle(-1), ("J",)),
    Command("play.stop", "Stop", "Playback", lambda d: _transport(d).pause(), ("K",)),
    Command("play.on", "Shuttle on", "Playback", lambda d: _transport(d).shuttle(1), ("L",)),
    Command(
        "play.frame_back", "One frame back", "Playback", partial(_step, -1), ("Left",), section=1
    ),
    Command("play.frame_on", "One frame on", "Playback", partial(_step, 1), ("Right",), section=1),
    Command(
        "play.second_back", "One second back", "Playback", partial(_second, -1), ("Shift+Left",),
        section=1,
    ),
    Command(
        "play.second_on", "One second on", "Playback", partial(_second, 1), ("Shift+Right",),
        section=1,
    ),
    Command(
        "play.previous_edit", "Previous cut", "Playback",
        lambda d: d.editing.go_to_edit(-1), ("Up",), section=2,
    ),
    Command(
        "play.next_edit", "Next cut", "Playback", lambda d: d.editing.go_to_edit(1), ("Down",),
        section=2,
    ),
    Command(
        "play.start", "Go to start", "Playback", lambda d: _transport(d).seek(0), ("Home",),
        section=2,
    ),
    Command(
        "play.end", "Go to end", "Playback",
        lambda d: _transport(d).seek(_transport(d).length_frames), ("End",), section=2,
    ),
    Command(
        "play.loop", "Loop", "Playback",
        lambda d: _transport(d).set_loop(not _transport(d).loop), ("Ctrl+Shift+R",),
        checked=lambda d: _transport(d).loop, section=3,
    ),
    Command(
        "view.zoom_in", "Zoom in", "View", lambda d: d.workspace.zoom_timeline(1.4), ("+", "=")
    ),
    Command(
        "view.zoom_out", "Zoom out", "View", lambda d: d.workspace.zoom_timeline(1 / 1.4), ("-",)
    ),
    Command(
        "view.fit", "Show the whole film", "View", lambda d: d.workspace.fit_timeline(),
        ("Shift+Z",),
    ),
    Command(
        "view.snap", "Snap", "View", _toggle_snapping, ("Shift+S",), icon="magnet",
        checked=lambda d: d.timeline.snapping, section=1,
    ),
    Command(
        "view.follow", "Follow the playhead", "View",
        lambda d: d.session.transport.set_follow(not d.session.transport.follow),
        checked=lambda d: d.session.transport.follow, section=1,
    ),
    Command(
        "view.transform", "Move, scale and turn in the viewer", "View",
        partial(_toggle_handles, Handles.TRANSFORM), ("Shift+T",), icon="transform",
        checked=partial(_has_handles, Handles.TRANSFORM), section=2,
        words="transform handles position scale rotation anchor on-screen controls motion",
    ),
    Command(
        "view.crop", "Crop in the viewer", "View", partial(_toggle_handles, Handles.CROP),
        ("Shift+C",), icon="crop", checked=partial(_has_handles, Handles.CROP), section=2,
        words="handles edges on-screen controls",
    ),
    *LINES,
    Command(
        "view.meters", "Sound meters", "View", _toggle_meters,
        ("Shift+0",), checked=lambda d: d.preferences.settings.sound_meters, section=1,
        words="audio level peak loudness lufs ppm vu",
    ),
    Command(
        "view.full_screen", "Full screen", "View", lambda d: d.workspace.full_screen(),
        ("F11", "Ctrl+F"), icon="maximize", section=3,
    ),
    *TOOLS,
    *PANELS,
)  # fmt: skip
