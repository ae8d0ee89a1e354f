"""Access tried to the end: every page, route, action, query, export and command, by everybody who must not."""
