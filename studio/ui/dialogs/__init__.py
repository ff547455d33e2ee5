"""Dialogs and windows that open over the editor."""
