"""The adapters: each the only place that knows one library."""
