"""Pictures and sound: everything between a file on disk and a finished film.

Free of Qt, of torch and of the engine. The entry points are `probe.probe`,
`compositor.render.render_frame`, `mixer.mix`, `player.Player` and `export.export`.
"""
