"""The manifest asks for exactly what the code uses."""

import ast
import json
from pathlib import Path

from slack_sdk import WebClient

import bot
from bot.manifest import APP_SCOPES, EVENTS, METHODS_WITHOUT_SCOPE, SCOPES, build_manifest
from tests.fakes.slack_methods import EVENT_SCOPES, METHODS, list_scopes

APP_METHODS = {"apps.connections.open"}


def list_called_methods() -> set[str]:
    """The Web API methods that any file of bot/ calls on a client."""
    trees = [ast.parse(path.read_text()) for path in Path(bot.__path__[0]).rglob("*.py")]
    names = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {
        name.replace("_", ".")
        for name in names
        if "_" in name.strip("_") and hasattr(WebClient, name) and name[0] != "_"
    }


def test_methods_of_the_manifest_are_the_methods_the_code_calls() -> None:
    listed = {method for scope in SCOPES for method in scope.methods} | {*METHODS_WITHOUT_SCOPE}
    assert listed == list_called_methods()


def test_scopes_are_exactly_those_that_methods_and_events_need() -> None:
    methods = {scope for name in list_called_methods() for scope in list_scopes(METHODS[name].scopes, "im")}
    heard = {
        scope for event in EVENTS for scope in list_scopes([EVENT_SCOPES[event.partition(".")[0]]], "im")
    }
    assert {scope.name for scope in SCOPES} == methods | heard


def test_each_scope_names_what_needs_it_and_why() -> None:
    for scope in (*SCOPES, *APP_SCOPES):
        assert scope.reason
        needed = {found for name in scope.methods for found in list_scopes(METHODS[name].scopes, "im")}
        needed |= {
            found
            for event in scope.events
            for found in list_scopes([EVENT_SCOPES[event.split(".")[0]]], "im")
        }
        assert scope.name in needed or set(scope.methods) == APP_METHODS


def test_manifest_is_json_with_the_scopes_and_events_of_the_tables() -> None:
    manifest = json.loads(json.dumps(build_manifest()))
    assert manifest["oauth_config"]["scopes"]["bot"] == sorted(scope.name for scope in SCOPES)
    assert manifest["settings"]["event_subscriptions"] == {"bot_events": ["app_mention", "message.im"]}
    assert manifest["settings"]["socket_mode_enabled"] is True


def test_http_manifest_has_an_address_and_no_socket() -> None:
    settings = build_manifest(mode="http", request_url="https://bot.home.example/slack/events")["settings"]
    assert settings["event_subscriptions"]["request_url"] == "https://bot.home.example/slack/events"
    assert settings["socket_mode_enabled"] is False
