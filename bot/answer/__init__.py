"""From a question to its checked answer. Knows no Slack."""
