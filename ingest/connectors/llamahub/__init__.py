"""Any LlamaIndex reader as a source; connector.py is the way in."""
