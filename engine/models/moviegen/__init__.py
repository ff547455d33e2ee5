"""Our implementation of the Movie Gen architecture, in a paper and a pocket configuration."""
