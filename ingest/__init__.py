"""From source to index: connectors, parsers, the cutter, the walk of a sync."""
