"""What the web console shows and does: one module a view, as commands/ are for the command line."""
