"""The worker: the process that holds the models and runs one job at a time on one device.

`messages` and `plan` are shared with the server and import nothing heavy.
"""
