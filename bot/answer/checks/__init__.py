"""What a claim must pass before it is shown: pure checks against the sentences that it cites."""
