"""Results of `onbrand receipt` and `onbrand recall` for a person at a terminal. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

Result = Mapping[str, Any]
GONE = "(removed)"
SHORT_HASH = 16


def render_receipt(receipt: Result) -> str:
    """Who asked what, what was said, and what proves it."""
    head = [
        f"Receipt {receipt['receipt_id']}  {_moment(receipt['at'])}  row {receipt['number']}",
        f"  Question:   {receipt['question'] or GONE}",
        *_optional("Understood:", receipt["understood"]),
        f"  Asker:      {receipt['asker'] or GONE}",
        *_optional("Where:", receipt["conversation"]),
    ]
    if receipt.get("unreadable"):
        return "\n".join([*head, "", "  The rest cannot be read: it was changed. See onbrand receipt verify"])
    return "\n".join([*head, *_outcome_lines(receipt), *_proof_lines(receipt), "", *_way_lines(receipt)])


def render_verified(found: Result) -> str:
    """Whether everything holds, what is wrong where, and what has changed since."""
    head = []
    if found["ok"]:
        head.append(f"{found['receipts']} receipt(s) verified: chain, texts, sentences and claims hold.")
        if "head" in found:
            head.append(f"Head: {found['head']}")
            head.append("Note it outside this machine and compare later: --head NUMBER:HASH")
    else:
        head.append(f"Not everything holds: {found['found']} problem(s) in {found['receipts']} receipt(s).")
        head += [f"  {_name_row(one)}: {one['problem']}" for one in found["problems"]]
        head += _more(found["found"], len(found["problems"]))
    if found["noted"]:
        head.append("Changed since, which is no failure:")
        head += [f"  {one['receipt_id']}: {one['note']}" for one in found["notes"]]
        head += _more(found["noted"], len(found["notes"]))
    return "\n".join(head)


def render_recall(recalled: Result) -> str:
    """Each answer with what it said from the document, and whether that revision answers today."""
    names = ", ".join(dict.fromkeys(_name_document(one) for one in recalled["documents"]))
    answers = recalled["answers"]
    if not answers:
        return f"No answer cited {names}."
    blocks = ["\n".join(_answer_lines(one)) for one in answers]
    return "\n\n".join([f"{len(answers)} answer(s) cited {names}:", *blocks])


def _outcome_lines(receipt: Result) -> list[str]:
    ruling = f", ruling {receipt['ruling']}" if receipt["ruling"] else ""
    brand = f", brand {receipt['brand']}" if receipt["brand"] else ""
    return [
        f"  As of:      {receipt['day']}{brand}",
        f"  Verdict:    {receipt['verdict']}{ruling}, {_name_mode(receipt)}",
        *_optional("Why:", receipt["why"]),
    ]


def _name_mode(receipt: Result) -> str:
    if receipt["official"]:
        return f"official answer {receipt['official']}"
    if receipt["mode"] == "passages":
        return "stored sentences, no model's words"
    settings = ", ".join(f"{name}={value}" for name, value in receipt["parameters"])
    return f"in the words of {receipt['model']}{f' ({settings})' if settings else ''}"


def _proof_lines(receipt: Result) -> Iterable[str]:
    for place, claim in enumerate(receipt["claims"], start=1):
        yield ""
        yield f"  {place}. {claim['text']}"
        for one in claim["evidence"]:
            if one["sentence"] != claim["text"]:
                yield f"     “{one['sentence']}”"
            heading = f" › {one['heading']}" if one["heading"] else ""
            page = f", page {one['page']}" if one["page"] else ""
            yield f"     {one['source']}:{one['path']}{heading}{page}, revision {one['revision']}, {one['status']}"
        yield f"     passed: {', '.join(claim['checks'])}"
    if receipt["rejected"]:
        yield ""
        yield "  Not shown, since it could not be proved:"
    for one in receipt["rejected"]:
        yield f"     “{one['text']}” failed {', '.join(one['failed'])}"


def _way_lines(receipt: Result) -> list[str]:
    offered = len(receipt["offered"])
    prompt = f"prompt {receipt['prompt_hash'][:SHORT_HASH]}…, " if receipt["prompt_hash"] else ""
    return [
        *_optional("Way:", " › ".join(receipt["steps"])),
        f"  Built from: {prompt}{offered} sentence(s) offered, index {receipt['index']}",
        f"  Hash:       {receipt['hash']}",
        f"  Check it:   onbrand receipt verify {receipt['receipt_id']}",
    ]


def _answer_lines(answer: Result) -> list[str]:
    where = f"  in {answer['conversation']}" if answer["conversation"] else ""
    return [
        f"{answer['receipt_id']}  {_moment(answer['at'])}  {answer['asker'] or GONE}{where}",
        f"  {answer['question'] or GONE}",
        *(f"  › {text}" for text in answer["claims"]),
        *(f"  {_describe_standing(one)}" for one in answer["cited"]),
    ]


def _describe_standing(cited: Result) -> str:
    state = "still answers" if cited["answers"] else f"answers no longer: {cited['why_not']}"
    return f"revision {cited['revision']} {state}"


def _name_document(document: Result) -> str:
    return f"{document['source']}:{document['path']}" if document["path"] else str(document["document_id"])


def _name_row(problem: Result) -> str:
    return (
        f"{problem['receipt_id']} (row {problem['number']})"
        if problem["receipt_id"]
        else f"row {problem['number']}"
    )


def _optional(name: str, value: str) -> list[str]:
    return [f"  {name:11} {value}"] if value else []


def _more(found: int, listed: int) -> list[str]:
    return [f"  … and {found - listed} more"] if found > listed else []


def _moment(at: str) -> str:
    return f"{at[:19].replace('T', ' ')}Z"
