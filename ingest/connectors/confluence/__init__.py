"""Confluence Cloud and Data Center as a source; connector.py is the way in."""
