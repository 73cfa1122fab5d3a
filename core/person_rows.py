"""One person's rows (name, role, other addresses, roles for brands), read and written inside an act's transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.access import ROLES
from core.errors import UsageError
from core.tables import aliases, brand_roles, memberships, people

MAX_EMAIL = 200


def check_email(email: str) -> str:
    """The address in lower case; raises UsageError when it is none."""
    address = email.strip().lower()
    local, _, domain = address.partition("@")
    is_address = local and "." in domain and "@" not in domain and len(address) <= MAX_EMAIL
    if not is_address or any(character.isspace() or character in ",;" for character in address):
        raise UsageError(f"{email!r} is not an e-mail address; allowed: name@company.example")
    return address


def check_role(role: str | None) -> str | None:
    """The role; raises UsageError when it is none of ours."""
    if role is not None and role not in ROLES:
        raise UsageError(f"role {role!r} is not known; allowed: {', '.join(ROLES)}")
    return role


def find_main_address(connection: Connection, address: str) -> str:
    """The address by which a person is known; an alias gives the main one, anything else itself."""
    main = connection.execute(select(aliases.c.email).where(aliases.c.alias == address)).scalar_one_or_none()
    return str(main) if main else address


def refuse_alias(connection: Connection, address: str) -> None:
    """Raises UsageError when the address is another address of somebody: acts name people by their main one."""
    main = find_main_address(connection, address)
    if main != address:
        raise UsageError(
            f"{address} is another address of {main}; name {main}, "
            f"or part them with `onbrand people alias {main} --remove {address}`"
        )


def read_person(connection: Connection, address: str) -> dict[str, Any]:
    """Name, role and whether active; empty when nobody is known by this main address."""
    row = connection.execute(select(people).where(people.c.email == address)).first()
    return {} if row is None else {"name": row.name, "role": row.role, "active": row.active}


def require_person(connection: Connection, address: str) -> dict[str, Any]:
    """As read_person; raises UsageError when there is none, or the address is somebody's other one."""
    refuse_alias(connection, address)
    found = read_person(connection, address)
    if not found:
        raise UsageError(f"{address} is not known; add with `onbrand people add {address}`")
    return found


def write_person(connection: Connection, address: str, values: Mapping[str, Any]) -> None:
    """Set these fields of a person, known or new."""
    if not read_person(connection, address):
        connection.execute(insert(people).values(**{"name": "", "active": True, **values, "email": address}))
    elif values:
        connection.execute(update(people).where(people.c.email == address).values(**values))


def delete_person(connection: Connection, address: str) -> None:
    """From now on the address is unknown."""
    connection.execute(delete(people).where(people.c.email == address))


def read_aliases(connection: Connection, address: str) -> list[str]:
    """A person's other addresses, sorted."""
    return sorted(connection.execute(select(aliases.c.alias).where(aliases.c.email == address)).scalars())


def write_aliases(connection: Connection, address: str, wanted: list[str]) -> None:
    """Set a person's other addresses; raises UsageError when one of them is somebody already."""
    connection.execute(delete(aliases).where(aliases.c.email == address))
    for alias in wanted:
        _require_free(connection, alias, address)
        connection.execute(insert(aliases).values(alias=alias, email=address))


def _require_free(connection: Connection, alias: str, address: str) -> None:
    owner = find_main_address(connection, alias)
    if owner != alias:
        raise UsageError(f"{alias} is already another address of {owner}; take it from them first")
    if read_person(connection, alias):
        raise UsageError(
            f"{alias} is a person of its own with groups and roles, so it cannot be another address of {address}; "
            "undo its adding first, or keep the two apart"
        )
    if list_groups_naming(connection, alias):
        raise UsageError(f"{alias} is still a member of a group; take it out first, then add it as an alias")


def read_brand_roles(connection: Connection, address: str) -> dict[str, str]:
    """Brand -> role for its documents."""
    query = select(brand_roles.c.brand, brand_roles.c.role).where(brand_roles.c.email == address)
    return {row.brand: row.role for row in connection.execute(query.order_by(brand_roles.c.brand))}


def write_brand_roles(connection: Connection, address: str, wanted: Mapping[str, str]) -> None:
    """Set all roles for brands."""
    connection.execute(delete(brand_roles).where(brand_roles.c.email == address))
    for brand, role in wanted.items():
        connection.execute(insert(brand_roles).values(email=address, brand=brand, role=role))


def list_groups_naming(connection: Connection, address: str) -> list[str]:
    """Groups that have the address as a direct member."""
    query = select(memberships.c.group_name).where(memberships.c.member == f"user:{address}").distinct()
    return sorted(connection.execute(query).scalars())
