"""Films of pictures that were given: taken apart into planes, moved, gone on with, and bridged."""
