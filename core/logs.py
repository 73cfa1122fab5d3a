"""Logging for every process: one line an event, no text of questions or documents at INFO."""

import logging

NOISY = ("slack_bolt", "slack_sdk", "httpx", "httpcore", "openai", "qdrant_client", "alembic")


def start_logging(level: str) -> None:
    """Log to standard error. Libraries stay at WARNING: some print whole event bodies at DEBUG."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
