"""The engine server: routes, queue, assets, tokens and executors. It never imports torch."""
