"""What Slack shows, built from answers. Pure: no I/O, no clock. Used by bot/delivery.py."""
