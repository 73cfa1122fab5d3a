"""Who asks: a Slack user becomes a Person by the e-mail in their profile, or gets one polite refusal.

Called by bot/delivery.py before anything is looked up.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from core.access import Person
from core.clock import Clock

CACHE_MINUTES = 5
MAX_CACHED = 5000
REFUSAL = (
    "Sorry, I can only answer full members of this workspace, and only where nobody from outside takes part."
)
# Slack's own words for "there is no such person for this app".
UNKNOWN_USER = ("user_not_found", "user_not_visible", "users_not_found")


class KnowsPeople(Protocol):
    """What is needed of core.people.People."""

    def identify(self, email: str | None) -> Person:
        """The Person behind an e-mail."""


@dataclass(frozen=True, slots=True)
class SlackProfile:
    """What users.info says that matters here. `is_member`: a full, living, human member of the home team.

    `is_guest`: the same, but for some channels only.
    """

    is_member: bool
    email: str | None
    is_guest: bool = False


class SlackPeople:
    """Asks Slack who a user is and remembers it for a few minutes; groups and roles are read afresh each time."""

    def __init__(
        self,
        client: WebClient,
        people: KnowsPeople,
        clock: Clock,
        *,
        guests: Literal["open", "nothing"] = "nothing",
    ) -> None:
        self._client = client
        self._people = people
        self._clock = clock
        self._guests = guests
        self._cache: dict[tuple[str, str], tuple[datetime, SlackProfile]] = {}
        self._lock = threading.Lock()

    def identify_asker(self, user_id: str, *, home_team: str) -> Person | None:
        """The Person behind a Slack user; None for everybody who gets no answer at all."""
        profile = self._find_profile(user_id, home_team)
        if profile.is_member:
            return self._people.identify(profile.email)
        if profile.is_guest and self._guests == "open":
            return _as_guest(self._people.identify(profile.email), profile.email)
        return None

    def _find_profile(self, user_id: str, home_team: str) -> SlackProfile:
        now = self._clock.now()
        with self._lock:
            until, profile = self._cache.get((home_team, user_id), (now, None))
        if profile is None or until <= now:
            profile = read_profile(self._fetch_user(user_id), home_team)
            self._remember((home_team, user_id), profile)
        return profile

    def _fetch_user(self, user_id: str) -> Mapping[str, Any]:
        try:
            user = self._client.users_info(user=user_id).get("user")
        except SlackApiError as error:
            if error.response.get("error") in UNKNOWN_USER:
                return {}
            raise
        return user if isinstance(user, dict) else {}

    def _remember(self, key: tuple[str, str], profile: SlackProfile) -> None:
        with self._lock:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[key] = (self._clock.now() + timedelta(minutes=CACHE_MINUTES), profile)


def read_profile(user: Mapping[str, Any], home_team: str) -> SlackProfile:
    """Judge a user object of Slack. What is missing counts against: an unknown person is no member."""
    flags = ("deleted", "is_bot", "is_workflow_bot", "is_stranger")
    is_of_us = bool(user) and not any(user.get(flag) for flag in flags) and _is_of_team(user, home_team)
    is_limited = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    email = (user.get("profile") or {}).get("email")
    return SlackProfile(
        is_member=is_of_us and not is_limited,
        email=str(email) if email else None,
        is_guest=is_of_us and is_limited,
    )


def _as_guest(person: Person, email: str | None) -> Person:
    # Whatever a guest was given by e-mail, in Slack they are a guest; a deactivated one stays deactivated.
    return person if not person.active else Person(email=email, reads="open")


def _is_of_team(user: Mapping[str, Any], home_team: str) -> bool:
    # In an Enterprise organisation a member may carry another workspace's id and list the home team beside it.
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return user.get("team_id") == home_team or home_team in teams
