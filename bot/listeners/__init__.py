"""The table of what Slack can trigger. Called once by bot/app.py; the claim middleware runs before all of it."""

from slack_bolt import App

from bot.delivery import Delivery
from bot.listeners.app_mentioned import build_app_mentioned
from bot.listeners.direct_message import build_direct_message


def register_listeners(app: App, delivery: Delivery) -> None:
    """Join each event to its listener."""
    app.event("app_mention")(build_app_mentioned(delivery.deliver))
    app.event("message")(build_direct_message(delivery.deliver))
