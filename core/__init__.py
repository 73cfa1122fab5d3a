"""Words and outside doors that every room shares: documents, access, ledger, acts, settings. Imports no other room."""
