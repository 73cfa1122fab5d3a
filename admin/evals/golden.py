"""Questions whose answers are known, out of receipts: what was asked, and the sentences that were cited. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.receipt_rows import Receipt

TYPE = "receipt"


def build_golden(receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """Lines of a questions file, in the order of the receipts; of one question only its first receipt.

    Left out: answers without a claim, and questions whose text was removed. Nobody's name is in them.
    """
    golden: dict[str, dict[str, Any]] = {}
    for receipt in receipts:
        # The question as it was understood stands for itself; a follow-up as it was put does not.
        text = " ".join((receipt.understood or receipt.question).split())
        if text and receipt.body is not None and receipt.body.claims:
            golden.setdefault(text.casefold(), _build_line(receipt, text))
    return list(golden.values())


def write_lines(golden: Sequence[Mapping[str, Any]]) -> str:
    """As a file of JSON lines."""
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in golden)


def _build_line(receipt: Receipt, text: str) -> dict[str, Any]:
    body = receipt.body
    claims = body.claims if body else ()
    cited = dict.fromkeys((one.path, one.sentence) for claim in claims for one in claim.evidence)
    asked = {"on": body.day if body else None, "brand": body.brand if body else None}
    return {
        "id": receipt.receipt_id,
        "question": text,
        "type": TYPE,
        "gold": [{"path": path, "snippet": sentence} for path, sentence in cited],
        "answer": " ".join(claim.text for claim in claims),
        "must_contain": [],
        "must_not_contain": [],
        **{name: value for name, value in asked.items() if value},
        **({"ruling": body.ruling} if body and body.ruling else {}),
    }
