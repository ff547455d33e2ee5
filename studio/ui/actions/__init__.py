"""Commands as data: menus, palette and shortcut list are built from them."""
