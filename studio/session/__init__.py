"""The open project and everything around it that is not a widget: QtCore at most."""
