"""Forward migrations of the database, in numbered files."""
