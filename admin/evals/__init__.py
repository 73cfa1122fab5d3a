"""Judges retrieval on a file of questions whose answers are known. Pure; the worlds are opened elsewhere."""
