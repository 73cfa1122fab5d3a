"""What happens at the start against a server: each thing that is wrong has its own error, and the alias comes last."""

import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from qdrant_client import QdrantClient, models

from admin.doctor import examine
from core.access import AccessList
from core.errors import PermanentError
from core.settings import Settings
from index.passage_store import FactsChange
from index.qdrant_collection import (
    SCHEMA,
    CollectionPlan,
    create_collection,
    find_collection,
    open_collection,
    switch_alias,
)
from index.qdrant_server import QdrantServer, check_server
from index.qdrant_store import describe_qdrant, open_qdrant
from index.rank_legs import FoundPoint, LegRequest
from index.store_errors import CertificateUnusable, IndexUnreachable, NameTaken, ServerIsOpen, ServerTooOld
from tests.contracts.stored_passages import (
    DIMENSION,
    EAST,
    NO_KEYWORDS,
    build_facts,
    build_passage,
    build_scope,
    to_vector,
)
from tests.fakes.qdrant_server import RunningQdrant, running_qdrant

LAUNCH = frozenset({"group:launch"})


@pytest.fixture
def plan() -> CollectionPlan:
    """A plan whose alias no other test uses."""
    return CollectionPlan(f"start_{uuid4().hex}", "minilm int8", DIMENSION, shards=3, replicas=2)


@pytest.fixture
def client(wire: RunningQdrant) -> QdrantClient:
    """A client of the shared server."""
    return QdrantClient(url=wire.url, check_compatibility=False)


def test_server_without_a_key_is_refused_and_nothing_made(wire: RunningQdrant, plan: CollectionPlan) -> None:
    before = wire.fake.list_collections()
    with pytest.raises(ServerIsOpen, match="QDRANT__SERVICE__API_KEY there and ONBRAND_QDRANT_KEY") as caught:
        open_qdrant(QdrantServer(wire.url), plan)
    assert isinstance(caught.value, PermanentError)
    assert "ONBRAND_QDRANT_ALLOW_OPEN=true" in str(caught.value)
    assert wire.fake.list_collections() == before


def test_key_of_ours_does_not_hide_that_the_server_asks_for_none(wire: RunningQdrant) -> None:
    with pytest.raises(ServerIsOpen):
        check_server(QdrantServer(wire.url, "a key that nobody checks"))


def test_server_with_a_key_is_let_through_without_being_told_otherwise(tmp_path: Path) -> None:
    with running_qdrant(tmp_path, key="right") as server:
        assert check_server(QdrantServer(server.url, "right")) == server.fake.version


@pytest.mark.parametrize("version", ["1.15.9", "0.11.0", "", "newest"])
def test_old_or_unknown_version_is_refused(tmp_path: Path, version: str) -> None:
    with running_qdrant(tmp_path, key="right") as server:
        server.fake.version = version
        with pytest.raises(ServerTooOld, match=f"is of version '{version}'; 1.16 or newer"):
            check_server(QdrantServer(server.url, "right"))


@pytest.mark.parametrize("version", ["1.16.0", "1.20.0-dev", "2.0.0"])
def test_new_enough_version_is_accepted(tmp_path: Path, version: str) -> None:
    with running_qdrant(tmp_path, key="right") as server:
        server.fake.version = version
        assert check_server(QdrantServer(server.url, "right")) == version


def test_collection_that_stands_in_the_alias_place_is_named(
    wire: RunningQdrant, client: QdrantClient, plan: CollectionPlan
) -> None:
    client.create_collection(
        plan.alias, vectors_config={"dense": models.VectorParams(size=4, distance=models.Distance.COSINE)}
    )
    with pytest.raises(NameTaken, match=plan.alias) as caught:
        open_qdrant(QdrantServer(wire.url, allow_open=True), plan)
    client.delete_collection(plan.alias)
    assert "onbrand sync --full" in str(caught.value)


def test_collection_is_made_first_with_its_indexes_and_the_alias_last(
    wire: RunningQdrant, client: QdrantClient, plan: CollectionPlan
) -> None:
    before = len(wire.fake.requests)
    open_qdrant(QdrantServer(wire.url, allow_open=True), plan).close()
    writes = [one for one in wire.fake.requests[before:] if not one.startswith("GET")]
    indexes = [f"PUT /collections/{plan.collection}/index"] * len(SCHEMA)
    assert writes == [f"PUT /collections/{plan.collection}", *indexes, "POST /collections/aliases"]
    params = wire.fake._find(plan.alias).created
    assert (params.shard_number, params.replication_factor) == (3, 2)


def test_versioned_name_changes_with_the_fingerprint_alone(plan: CollectionPlan) -> None:
    other = CollectionPlan(plan.alias, "another model", DIMENSION)
    same = CollectionPlan(plan.alias, plan.fingerprint, DIMENSION)
    assert plan.collection == same.collection != other.collection
    assert len(plan.collection.removeprefix(f"{plan.alias}_")) == 8


def test_existing_alias_is_used_whatever_stands_behind_it(
    wire: RunningQdrant, client: QdrantClient, plan: CollectionPlan
) -> None:
    open_collection(client, plan, host="here")
    other = CollectionPlan(plan.alias, "another model", DIMENSION)
    store = open_qdrant(QdrantServer(wire.url, allow_open=True), other)
    store.upsert([build_passage("kept")])
    store.close()
    assert client.count(plan.collection).count == 1
    assert find_collection(client, plan.alias) == plan.collection


def test_start_that_was_killed_before_the_alias_is_finished_by_the_next(
    wire: RunningQdrant, client: QdrantClient, plan: CollectionPlan
) -> None:
    create_collection(client, plan)
    create_collection(client, plan)
    assert find_collection(client, plan.alias) is None
    open_qdrant(QdrantServer(wire.url, allow_open=True), plan).close()
    assert find_collection(client, plan.alias) == plan.collection


def test_open_store_keeps_its_collection_when_the_alias_is_switched(
    wire: RunningQdrant, client: QdrantClient, plan: CollectionPlan
) -> None:
    store = open_qdrant(QdrantServer(wire.url, allow_open=True), plan)
    store.upsert([build_passage("old")])
    rebuilt = CollectionPlan(plan.alias, "another model", DIMENSION)
    create_collection(client, rebuilt)
    assert store.count() == 1
    switch_alias(client, plan.alias, rebuilt.collection)
    assert store.count() == 1
    store.close()
    opened_later = open_qdrant(QdrantServer(wire.url, allow_open=True), plan)
    assert opened_later.count() == 0
    opened_later.close()


def test_passage_closed_between_the_two_reads_is_not_read(
    wire: RunningQdrant, plan: CollectionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_qdrant(QdrantServer(wire.url, allow_open=True), plan)
    store.upsert([build_passage("open"), build_passage("closing")])
    search_legs = store.search_legs

    def close_in_between(requests: Sequence[LegRequest]) -> list[list[FoundPoint]]:
        found = search_legs(requests)
        store.set_facts([FactsChange("closing", 1, build_facts(access=AccessList((LAUNCH,))))])
        return found

    monkeypatch.setattr(store, "search_legs", close_in_between)
    found = store.find(to_vector(EAST), NO_KEYWORDS, scope=build_scope(), depth=5)
    store.close()
    assert [hit.document_id for hit in found.dense] == ["open"]


def test_doctor_shows_version_alias_points_and_indexes(tmp_path: Path, plan: CollectionPlan) -> None:
    with running_qdrant(tmp_path, key="right") as server:
        entrance = QdrantServer(server.url, "right")
        assert describe_qdrant(entrance, plan.alias).collection is None
        store = open_qdrant(entrance, plan)
        store.upsert([build_passage("open")])
        store.close()
        state = describe_qdrant(entrance, plan.alias)
    assert (state.version, state.collection, state.points) == (server.fake.version, plan.collection, 1)
    assert (set(state.indexes), state.missing_indexes) == (set(SCHEMA), ())


def test_doctor_names_an_open_server_as_a_failure(wire: RunningQdrant, tmp_path: Path) -> None:
    settings = Settings.from_environment(
        ONBRAND_HOME=tmp_path, ONBRAND_QDRANT_URL=wire.url, ONBRAND_QDRANT_KEY=SecretStr("unchecked")
    )
    said = [one for one in examine(settings) if one.check == "qdrant" and one.state == "failed"]
    assert "answers without a key" in said[0].message


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://qdrant", "http://qdrant:6333"),
        ("https://qdrant.example/", "https://qdrant.example:6333"),
        ("https://qdrant.example:443/inner", "https://qdrant.example:443/inner"),
    ],
)
def test_address_has_the_port_of_qdrant_unless_it_names_one(url: str, address: str) -> None:
    assert QdrantServer(url).address == address


def test_key_and_password_show_in_no_text() -> None:
    server = QdrantServer("https://me:hidden@qdrant.example", "secret")
    assert "secret" not in repr(server)
    assert server.host == "qdrant.example:6333"


def test_certificate_of_the_named_authority_is_trusted_and_no_other(tmp_path: Path) -> None:
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "ca.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "ca.pem", tmp_path / "key.pem")
    (tmp_path / "server").mkdir()
    with running_qdrant(tmp_path / "server", key="right", tls=context) as server:
        store = open_qdrant(
            QdrantServer(server.url, "right", ca=tmp_path / "ca.pem"), CollectionPlan("tls", "x", 4)
        )
        assert store.count() == 0
        store.close()
        with pytest.raises(IndexUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
            check_server(QdrantServer(server.url, "right"))


def test_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(CertificateUnusable, match="ONBRAND_QDRANT_CA"):
        check_server(QdrantServer("https://127.0.0.1:1", ca=tmp_path / "ca.pem"))
