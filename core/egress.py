"""Switches every library's telemetry off and lists each connection the product can make. Imported first of all.

The list is what `onbrand data-flow` prints: a connection that is not in it must not exist.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SILENCE = {
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "1",
    "ANONYMIZED_TELEMETRY": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "UNSTRUCTURED_DISABLE_NOTICE": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "OTEL_SDK_DISABLED": "true",
    "ORT_DISABLE_TELEMETRY": "1",
    "NO_GCE_CHECK": "true",
}


def silence_libraries() -> None:
    """Set every switch, over whatever the environment says: nothing here may phone home."""
    os.environ.update(SILENCE)  # noqa: TID251 - written, not read, before any library looks


@contextmanager
def allow_own_tracing() -> Iterator[None]:
    """Within the block our own tracer can be made; that of any library made at another moment stays off."""
    switch = "OTEL_SDK_DISABLED"
    before = os.environ.pop(switch, None)  # noqa: TID251 - put back at once
    try:
        yield
    finally:
        if before is not None:
            os.environ[switch] = before  # noqa: TID251 - see above


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection the product can make: who to, with what, why, and the setting that switches it."""

    name: str
    destination: str
    data: str
    reason: str
    switch: str
    leaves_company: bool


CONNECTIONS = (
    Connection(
        name="Slack",
        destination="slack.com and *.slack.com over HTTPS and WebSocket (SLACK_API_URL overrides)",
        data="the question as typed; the answer with its quoted sentences, titles and links",
        reason="people ask and read answers there",
        switch="SLACK_BOT_TOKEN (unset: no connection)",
        leaves_company=True,
    ),
    Connection(
        name="Language model",
        destination="the address in ONBRAND_LLM_URL, meant to be inside the company",
        data="the question and the passages found for it that the asker may read",
        reason="puts the passages into words; every word is checked before it is shown",
        switch="ONBRAND_LLM_URL (unset: no connection, answers are passages)",
        leaves_company=False,
    ),
    Connection(
        name="Embedding endpoint",
        destination="the address in ONBRAND_EMBEDDER_URL, meant to be inside the company",
        data="the text of every passage with its title and headings; each question as typed",
        reason="turns text into vectors where the built-in model is not wanted",
        switch="ONBRAND_EMBEDDER (any word but endpoint: no connection, vectors are made in the process)",
        leaves_company=False,
    ),
    Connection(
        name="Reranker endpoint",
        destination="the address in ONBRAND_RERANKER_URL, meant to be inside the company",
        data="each question as typed, with the text of up to 20 passages found for it",
        reason="puts the passages that fit best first",
        switch="ONBRAND_RERANKER_URL (unset: no connection, the order of the search stays)",
        leaves_company=False,
    ),
    Connection(
        name="Qdrant server",
        destination="the address in ONBRAND_QDRANT_URL, meant to be inside the company",
        data="passages, their vectors and filter facts; the vector of each question",
        reason="holds the index when several processes or machines share it",
        switch="ONBRAND_QDRANT_URL (unset: the index is a folder under ONBRAND_HOME)",
        leaves_company=False,
    ),
    Connection(
        name="PostgreSQL",
        destination="the address in ONBRAND_DATABASE_URL, meant to be inside the company",
        data="ledger of documents and revisions with their text, people, audit, the Slack events being answered",
        reason="holds the ledger when several processes or machines share it",
        switch="ONBRAND_DATABASE_URL (unset: a SQLite file under ONBRAND_HOME)",
        leaves_company=False,
    ),
    Connection(
        name="Sources",
        destination="the addresses of the sources that were added: Google (www.googleapis.com, admin.googleapis.com, "
        "oauth2.googleapis.com and the hosts of its downloads), your Confluence, your DAM; of a LlamaIndex reader "
        "whatever that reader asks",
        data="requests for listings, files, permissions and groups, with the source's own credential; no question, "
        "no answer, no document",
        reason="reads what is indexed, where it lies",
        switch="onbrand source add (only folders, or none: no connection)",
        leaves_company=False,
    ),
    Connection(
        name="Trace collector",
        destination="the address in ONBRAND_OTLP_URL, meant to be inside the company",
        data="how long each part of an answer or a job took, with verdicts, counts and ids; no text, name or e-mail",
        reason="shows where the time goes",
        switch="ONBRAND_OTLP_URL (unset: no connection, the library is not even loaded)",
        leaves_company=False,
    ),
    Connection(
        name="Local socket",
        destination="a socket file of the machine, readable by its owner alone",
        data="commands and their results",
        reason="commands reach the running process that owns the index",
        switch="always there while a process owns the index",
        leaves_company=False,
    ),
)
