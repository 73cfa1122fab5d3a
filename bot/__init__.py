"""Answering, and Slack around it."""
