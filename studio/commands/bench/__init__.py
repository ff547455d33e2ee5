"""What `bench` can measure: one module for each subject, with `measure`.

Each has `measure(console: Console) -> Sequence[Figure]` (studio.commands.figures); the first line
of its docstring is what `bench --help` says of it. It measures on this machine, prints nothing but
progress, and leaves no file behind.
"""
