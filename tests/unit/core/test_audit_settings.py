"""Settings on record: what changed since the last start, and never a secret."""

from datetime import date

import pytest

from core.audit_settings import describe_settings, record_settings
from core.settings import Settings, list_settings
from tests.unit.core.core_world import CoreWorld

SECRETS = {
    "ONBRAND_DATABASE_URL": "postgresql://onbrand:s3/cr@t#1@db.pelmarrow.example/onbrand",
    "ONBRAND_QDRANT_URL": "https://me:s3cret@qdrant.pelmarrow.example:6333",
    "ONBRAND_LLM_URL": "https://llm.pelmarrow.example/v1?key=s3cret",
    "ONBRAND_QDRANT_KEY": "s3cret",
    "ONBRAND_LLM_KEY": "s3cret",
    "ONBRAND_EMBEDDER_URL": "http://s3cret@vectors.pelmarrow.example/v1",
    "SLACK_BOT_TOKEN": "xoxb-s3cret",
    "SLACK_APP_TOKEN": "xapp-s3cret",
    "SLACK_SIGNING_SECRET": "s3cret",
}


def make_settings(**values: object) -> Settings:
    return Settings.from_environment(_env_file=None, **values)


def test_first_start_records_all_settings_and_the_next_one_nothing(world: CoreWorld) -> None:
    before = len(world.read_audit())
    for _ in range(2):
        record_settings(world.database, world.acts, make_settings())
    (row,) = world.read_audit()[before:]
    assert (row.actor, row.act, row.subject, row.before) == (
        "local owner",
        "start with settings",
        "settings",
        {},
    )
    assert row.after.keys() == list_settings().keys()
    assert (row.after["ONBRAND_QUESTION_DAYS"], row.after["ONBRAND_TIMEZONE"]) == (90, "UTC")


def test_only_what_changed_is_in_the_row(world: CoreWorld) -> None:
    record_settings(world.database, world.acts, make_settings())
    changed = make_settings(
        ONBRAND_QUESTION_DAYS="30", ONBRAND_ADMINS="a@b.example", ONBRAND_TODAY="2026-03-03"
    )
    record_settings(world.database, world.acts, changed)
    row = world.read_audit()[-1]
    assert row.before == {"ONBRAND_QUESTION_DAYS": 90, "ONBRAND_ADMINS": [], "ONBRAND_TODAY": None}
    assert row.after == {
        "ONBRAND_QUESTION_DAYS": 30,
        "ONBRAND_ADMINS": ["a@b.example"],
        "ONBRAND_TODAY": str(date(2026, 3, 3)),
    }


def test_setting_that_comes_with_a_newer_version_is_a_change(
    world: CoreWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(describe_settings(make_settings()))
    del known["ONBRAND_AUDIT_DAYS"]
    monkeypatch.setattr("core.audit_settings.describe_settings", lambda _settings: known)
    record_settings(world.database, world.acts, make_settings())
    monkeypatch.undo()
    record_settings(world.database, world.acts, make_settings())
    row = world.read_audit()[-1]
    assert (row.before, row.after) == ({}, {"ONBRAND_AUDIT_DAYS": 2555})


def test_secrets_are_recorded_as_set_and_addresses_without_what_is_secret_in_them() -> None:
    described = describe_settings(make_settings(**SECRETS))
    assert "s3" not in str(described)
    for name in ("ONBRAND_QDRANT_KEY", "ONBRAND_LLM_KEY", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        assert described[name] == "set"
    assert described["ONBRAND_EMBEDDER_KEY"] == "unset"
    assert described["ONBRAND_QDRANT_URL"] == "https://qdrant.pelmarrow.example:6333"
    assert described["ONBRAND_LLM_URL"] == "https://…"
    assert described["ONBRAND_EMBEDDER_URL"] == "http://vectors.pelmarrow.example/v1"
