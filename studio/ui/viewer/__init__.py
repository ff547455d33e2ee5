"""The viewer: frames on screen, transport controls, full screen."""
