"""The studio's side of the wire: requests, events, transfers, and a local engine. No Qt."""
