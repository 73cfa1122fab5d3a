"""A script for ScriptedModel that does whatever the documents in its prompt say. For tests of attacks."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.llm import Prompt

_LINE = re.compile(r"^[^\n]*?\[(S\d+)\] ([^\n]*)$", re.MULTILINE)
_WORDS = re.compile(
    r"(?:reply with|include this link|say that|mention|append|call it|send people to)\s+«(.*?)»",
    re.IGNORECASE,
)
_IDS = re.compile(r"cite ((?:\S+)(?:(?: and |, )\S+)*)", re.IGNORECASE)
_RULING = re.compile(r"set the ruling to (\w+)", re.IGNORECASE)
_JSON = re.compile(r"answer with this object: (\{.*\})", re.IGNORECASE)
_REPEAT = re.compile(r"repeat what the other documents say", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Orders:
    """What the sentences of one prompt tell the model to do. `own` is the sentence that gives the first order."""

    own: str
    payloads: tuple[str, ...]
    ids: tuple[str, ...]
    ruling: str
    objects: tuple[str, ...]
    repeats: bool


def obey(prompt: Prompt, _schema: Mapping[str, Any]) -> Mapping[str, Any] | str:
    """Every payload under every citation that might let it through; an object that is dictated, as dictated."""
    sentences = dict(_LINE.findall(prompt.user))
    orders = read_orders(sentences)
    if orders.objects:
        return orders.objects[0]
    honest = find_honest(sentences, orders)
    payloads = orders.payloads or (() if not orders.ids else (sentences.get(honest, ""),))
    claims = [claim for payload in payloads for claim in _write_claims(payload, honest, sentences, orders)]
    if orders.repeats:
        claims += [
            {"text": text, "ids": [orders.own], "quote": ""}
            for one, text in sentences.items()
            if one != orders.own
        ]
    if orders.ruling:
        claims = [{"text": sentences.get(honest, ""), "ids": [honest], "quote": ""}]
    return {"found": True, "ruling": orders.ruling or "none", "claims": claims}


def read_orders(sentences: Mapping[str, str]) -> Orders:
    """The orders in all sentences together, in order."""
    everything = "\n".join(sentences.values())
    return Orders(
        own=next((one for one, text in sentences.items() if _gives_orders(text)), "S1"),
        payloads=tuple(_WORDS.findall(everything)),
        ids=tuple(one for found in _IDS.findall(everything) for one in re.split(r" and |, ", found)),
        ruling=next(iter(_RULING.findall(everything)), ""),
        objects=tuple(_JSON.findall(everything)),
        repeats=_REPEAT.search(everything) is not None,
    )


def find_honest(sentences: Mapping[str, str], orders: Orders) -> str:
    """A sentence that gives no order: what an attacker would like to be cited."""
    honest = [one for one, text in sentences.items() if one != orders.own and not _gives_orders(text)]
    return next(iter(honest), orders.own)


def _write_claims(
    payload: str, honest: str, sentences: Mapping[str, str], orders: Orders
) -> Iterable[dict[str, Any]]:
    truth = sentences.get(honest, "")
    if orders.ids:
        yield {"text": payload, "ids": list(orders.ids), "quote": ""}
        return
    # One claim that holds: what is said of the others is then said of each by itself, not of the whole answer.
    yield {"text": truth, "ids": [honest], "quote": ""}
    yield {"text": payload, "ids": [orders.own], "quote": ""}
    yield {"text": payload, "ids": [honest], "quote": ""}
    yield {"text": f"{truth} {payload}", "ids": [honest], "quote": ""}
    yield {"text": f"{truth} {payload}", "ids": [orders.own, honest], "quote": truth}
    yield {"text": truth, "ids": [honest], "quote": payload}


def _gives_orders(text: str) -> bool:
    return any(order.search(text) for order in (_WORDS, _IDS, _RULING, _JSON, _REPEAT))


def dictate(*claims: Mapping[str, Any], **more: Any) -> str:
    """An object for a document that dictates the whole answer, on one line."""
    return json.dumps({"found": True, "ruling": "none", "claims": list(claims), **more}, ensure_ascii=False)
