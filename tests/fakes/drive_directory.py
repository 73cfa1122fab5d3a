"""The Directory part of the fake Drive: groups and their members, for whoever may read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.drive_world import DriveWorld

Page = Callable[[list[Any], str | None, int], tuple[list[Any], dict[str, str]]]


@dataclass(frozen=True, slots=True)
class DirectoryReplies:
    """Answers about groups. The right to ask is checked by the server."""

    world: DriveWorld
    page: Page

    def answer(self, id_: str, params: Mapping[str, str]) -> dict[str, Any]:
        """The reply of groups.list or members.list."""
        if id_ == "directory.groups.list":
            return self._list_groups(params)
        return self._list_members(params)

    def _list_groups(self, params: Mapping[str, str]) -> dict[str, Any]:
        groups = [
            {
                "kind": "admin#directory#group",
                "id": f"group-{number}",
                "email": email,
                "directMembersCount": str(len(members)),
                "aliases": self.world.group_aliases.get(email, []),
            }
            for number, (email, members) in enumerate(self.world.groups.items())
        ]
        rows, following = self.page(groups, params.get("pageToken"), int(params.get("maxResults", "200")))
        return {"kind": "admin#directory#groups", "groups": rows, **following}

    def _list_members(self, params: Mapping[str, str]) -> dict[str, Any]:
        members = [
            {
                "kind": "admin#directory#member",
                "id": f"member-{number}",
                "role": "MEMBER",
                "status": "ACTIVE",
                **member,
            }
            for number, member in enumerate(self.world.groups.get(params["groupKey"], []))
        ]
        rows, following = self.page(members, params.get("pageToken"), int(params.get("maxResults", "200")))
        # An empty group has no list at all.
        return {"kind": "admin#directory#members", **({"members": rows} if rows else {}), **following}
