"""Sound of a sequence: float32 stereo at 48 kHz, exact to the sample. `mix.Mixer` is the entry."""
