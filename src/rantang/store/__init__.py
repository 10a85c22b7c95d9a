"""The only place that knows folders, bytes and keys: the workspace, its deliveries and editions."""
