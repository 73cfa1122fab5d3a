"""One module a type of source; connector.py is the door, registry.py the list."""
