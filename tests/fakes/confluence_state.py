"""What a Confluence site holds, what people do to it, and its own rule of who may read. For both editions."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

Status = Literal["current", "archived", "trashed", "draft", "deleted"]
Principal = tuple[Literal["user", "group", "class", "anonymous"], str]
"""(user, its key), (group, its name), (class, all-licensed-users), (anonymous, "")."""


@dataclass
class User:
    """`key` is the accountId of Cloud and the userKey of Data Center."""

    key: str
    name: str
    email: str
    hides_email: bool = False
    is_active: bool = True

    @property
    def username(self) -> str:
        return self.email.partition("@")[0]


@dataclass
class Group:
    id: str
    name: str
    members: list[str] = field(default_factory=list)


@dataclass
class Space:
    """`readers` are those with the permission to read the space; with roles they hold it through the role."""

    id: str
    key: str
    name: str
    readers: list[Principal] = field(default_factory=list)
    status: Literal["current", "archived"] = "current"
    has_roles: bool = False


@dataclass
class Attachment:
    id: str
    title: str
    content: bytes
    modified: datetime
    version: int = 1
    media_type: str = "application/pdf"


@dataclass
class Content:
    """A page or a folder. `restricted` names who may read it (None or nobody: no restriction of its own)."""

    id: str
    space: str
    title: str
    author: str
    modified: datetime
    body: str = ""
    parent: str | None = None
    kind: Literal["page", "folder"] = "page"
    status: Status = "current"
    version: int = 1
    labels: list[str] = field(default_factory=list)
    state: str | None = None
    restricted: list[Principal] | None = None
    attachments: dict[str, Attachment] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    is_hidden: bool = False
    """The account that crawls may not see it: 404 wherever it is asked for by its id."""
    is_broken: bool = False
    """Its storage form answers 500."""


@dataclass
class ConfluenceState:
    """Spaces, contents and people. Every act moves the clock by a minute."""

    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    is_open_to_anonymous: bool = False
    now: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    next_id: int = 1000

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def new_id(self) -> str:
        self.next_id += 1
        return str(self.next_id)

    def add_user(self, name: str, *, hides_email: bool = False) -> User:
        key = f"acc-{name.lower().replace(' ', '-')}"
        email = f"{name.lower().replace(' ', '.')}@example.com"
        self.users[key] = User(key, name, email, hides_email)
        return self.users[key]

    def add_group(self, name: str, *members: User) -> Group:
        self.groups[name] = Group(f"gid-{self.new_id()}", name, [one.key for one in members])
        return self.groups[name]

    def add_space(self, key: str, *readers: Principal) -> Space:
        self.spaces[key] = Space(self.new_id(), key, f"Space {key}", list(readers))
        return self.spaces[key]

    def add_page(
        self,
        space: str,
        title: str,
        body: str = "<p>Text.</p>",
        *,
        under: Content | None = None,
        author: str = "",
    ) -> Content:
        found = Content(self.new_id(), space, title, author, self.tick(), body, under.id if under else None)
        self.contents[found.id] = found
        return found

    def edit(self, page: Content, body: str) -> None:
        page.body, page.modified = body, self.tick()
        page.version += 1

    def rename(self, page: Content, title: str) -> None:
        page.title, page.modified = title, self.tick()
        page.version += 1

    def move(self, page: Content, under: Content | None) -> None:
        """Neither version nor date moves with it."""
        page.parent = under.id if under else None

    def restrict(self, page: Content, *principals: Principal) -> None:
        page.restricted = list(principals)

    def set_status(self, page: Content, status: Status) -> None:
        """Trash, archive, restore: neither version nor date moves with it."""
        page.status = status

    def purge(self, page: Content) -> None:
        del self.contents[page.id]

    def attach(self, page: Content, title: str, content: bytes) -> Attachment:
        found = Attachment(f"att{self.new_id()}", title, content, self.tick())
        page.attachments[found.id] = found
        return found

    def attach_again(self, attachment: Attachment, content: bytes) -> None:
        attachment.content, attachment.modified = content, self.tick()
        attachment.version += 1

    def chain(self, content: Content) -> list[Content]:
        """The ancestors, outermost first."""
        found: list[Content] = []
        above = content.parent
        while above is not None and above in self.contents:
            found.insert(0, self.contents[above])
            above = self.contents[above].parent
        return found

    def may_read(self, user: User | None, content: Content) -> bool:
        """The site's own rule. None is somebody who has not signed in."""
        if content.status not in ("current", "archived"):
            return False
        space = self.spaces[content.space]
        if not any(self._is(user, one) for one in space.readers):
            return False
        levels = [one.restricted for one in (*self.chain(content), content) if one.restricted]
        return all(any(self._is(user, one) for one in level) for level in levels)

    def _is(self, user: User | None, principal: Principal) -> bool:
        kind, name = principal
        if kind == "anonymous":
            return self.is_open_to_anonymous or (user is not None and user.is_active)
        if user is None or not user.is_active:
            return False
        if kind == "group":
            return name in self.groups and user.key in self.groups[name].members
        return kind == "class" or name == user.key
