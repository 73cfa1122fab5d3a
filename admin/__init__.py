"""What an operator runs: the command line and the process that stays."""
