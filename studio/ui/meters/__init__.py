"""Sound meters on the screen: needles, over lights and loudness, beside the timeline."""
