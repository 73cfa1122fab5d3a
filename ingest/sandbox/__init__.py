"""Files are parsed in a process of its own, behind limits and without network: process.py is the door."""
