"""One module a family of formats; parser.py is the door, registry.py the list."""
