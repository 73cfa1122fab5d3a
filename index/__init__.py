"""What can be found: passages, vectors, search. Imports core only."""
