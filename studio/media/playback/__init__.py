"""Playing a sequence in time with its sound. `player.Player` is the entry; no Qt here."""
