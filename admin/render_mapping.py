"""Mapping rules and what they would change, as a person at a terminal wants to read them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]
_NOUNS = {"valid_from": "first day", "valid_until": "last day", "url": "link"}
_VERBS = {
    "gains": ("gets a new", "get a new"),
    "loses": ("loses its", "lose their"),
    "changes": ("changes its", "change their"),
}
_ROWS = {
    "gains": "read row by row",
    "loses": "no longer read row by row",
    "changes": "read row by row by other columns",
}
_STATES = {
    "access": "readable by {value}",
    "kind": "kind {value}",
    "brand": "brand {value}",
    "classification": "posted as {value}",
}


def render_mapping(mapping: Result) -> str:
    """The rules as `--file` takes them; comments say what to do where there are none."""
    # Imported here: no other command needs it.
    import yaml

    if not mapping["rules"]:
        return (
            f"# {mapping['name']} has no mapping rules. Write some (docs/mapping.md), look at what they would change:\n"
            f"#   onbrand source map {mapping['name']} --file map.yaml --preview\n"
            "rules: []"
        )
    return yaml.safe_dump(
        {"rules": mapping["rules"]}, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    ).rstrip()


def render_mapped(mapping: Result) -> str:
    """What was set and when it holds."""
    name, count = mapping["name"], len(mapping["rules"])
    said = f"{count} mapping rule(s) of {name}" if count else f"{name} has no mapping rules any more"
    return (
        f"{said}, in place of {len(mapping['before'])}. It holds from the next sync on: onbrand sync {name}"
    )


def render_mapping_preview(preview: Result) -> str:
    """What would change, and that nothing has."""
    return "\n".join(
        [render_mapping_changes(preview), *_signal_lines(preview["signals"]), "Nothing was changed."]
    )


def render_mapping_changes(preview: Result) -> str:
    """What would change, by field, with examples."""
    lines = [f"{preview['changed']} of {preview['files']} documents of {preview['name']} would change."]
    for change in preview["changes"]:
        lines += _change_lines(change)
    if preview["decided"]:
        lines.append(f"  {preview['decided']} value(s) stay as they are: a curator has decided them.")
    if preview["unused"]:
        numbers = ", ".join(str(number) for number in preview["unused"])
        lines.append(f"  No document matches rule {numbers}: look at the names of its signals and its globs.")
    lines += [f"  cannot be used  {one['document']}: {one['warning']}" for one in preview["warnings"]]
    if preview["more_warnings"]:
        lines.append(f"  … and {preview['more_warnings']} more values that cannot be used.")
    return "\n".join(lines)


def _signal_lines(signals: Sequence[Result]) -> Iterator[str]:
    if signals:
        yield "Signals for rules, beside path and title:"
    for one in signals:
        more = ", …" if one["more_values"] else ""
        yield f"  {one['name']}  in {one['documents']}: {', '.join(one['values'])}{more}"


def _change_lines(change: Result) -> Iterator[str]:
    count, examples = change["documents"], change["examples"]
    yield f"  {count} {'document' if count == 1 else 'documents'} {_name_effect(change, is_one=count == 1)}:"
    for one in examples:
        yield f"    {one['document']}  ({one['from'] or 'none'} → {one['to'] or 'none'})"
    if count > len(examples):
        yield f"    … and {count - len(examples)} more"


def _name_effect(change: Result, *, is_one: bool) -> str:
    """The second half of "12 documents …"."""
    name, effect, value = change["field"], change["effect"], change["value"]
    if name == "rows":
        return f"{'is' if is_one else 'are'} {_ROWS[effect]}"
    if effect == "becomes":
        verb = "becomes" if is_one else "become"
        return f"{verb} {_STATES.get(name, '{value}').format(value=value)}"
    one, several = _VERBS[effect]
    return f"{one if is_one else several} {_NOUNS.get(name, name)}"
