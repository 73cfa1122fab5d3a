"""Google Drive as a source; connector.py is the way in."""
