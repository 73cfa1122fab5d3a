import pytest

from admin.evals.metered_model import MeteredModel, Usage
from admin.evals.prices import Price
from admin.evals.score_answers import Asked, Share, score_column
from core.answers import Milliseconds, RejectedClaim, Trace
from core.llm import ModelUnavailable, Prompt
from tests.fakes.scripted_model import ScriptedModel
from tests.unit.admin.evals.answers import GOLD, ask_for, build_answer, build_claim
from tests.unit.admin.evals.results import RULE

USAGE = Usage(completions=1, prompt_tokens=2_000, completion_tokens=100, served_models=("small-1",))
DOWN = Usage(failures=("it is too busy",))
PRICES = (Price("large-*", 100.0, 100.0, "EUR"), Price("small-*", 1.0, 10.0, "EUR"))
GOOD = build_answer(build_claim(RULE))
WRITTEN = build_answer(build_claim(RULE), mode="model")


def time_answer(total: float) -> Asked:
    """A right answer that took so long."""
    times = Milliseconds(search=1.0, model=total - 1, verify=0.0, total=total)
    return Asked(ask_for(GOLD), build_answer(build_claim(RULE), mode="model", milliseconds=times), USAGE)


def test_figures_are_counted_for_all_and_by_type() -> None:
    asked = [
        Asked(ask_for(GOLD, type="claim"), GOOD),
        Asked(ask_for(GOLD, type="claim"), build_answer()),
        Asked(ask_for(type="unanswerable"), build_answer()),
        Asked(ask_for(type="unanswerable"), GOOD),
        Asked(ask_for(type="unanswerable"), build_answer()),
    ]
    everything, claim, unanswerable = score_column("passages", asked).groups
    assert (everything.type, everything.questions, everything.right) == ("all", 5, Share(3, 5))
    assert everything.criteria["verdict"] == Share(3, 5)
    assert (claim.type, claim.criteria["gold"]) == ("claim", Share(1, 2))
    assert unanswerable.criteria["gold"] == Share(0, 0)
    assert (everything.false_abstention, everything.correct_abstention) == (Share(1, 2), Share(2, 3))


def test_a_question_whose_request_failed_is_counted_apart_and_in_no_figure() -> None:
    fallen = build_answer(build_claim(RULE), why="The language model did not answer.")
    column = score_column("flash", [Asked(ask_for(GOLD), fallen, DOWN), Asked(ask_for(GOLD), WRITTEN, USAGE)])
    assert [one.answer for one in column.failed] == [fallen]
    assert column.failed_requests == 1
    assert (column.groups[0].questions, column.total.n) == (1, 1)


def test_a_request_that_failed_before_one_that_did_not_leaves_the_answer_judged() -> None:
    twice = Usage(completions=1, failures=("too long",), prompt_tokens=5, completion_tokens=5)
    column = score_column("flash", [Asked(ask_for(GOLD), WRITTEN, twice)])
    assert (column.failed, column.failed_requests, len(column.judgements)) == ((), 1, 1)


def test_an_answer_that_fell_to_passages_although_the_model_spoke_is_judged_and_counted() -> None:
    column = score_column("flash", [Asked(ask_for(GOLD), GOOD, USAGE), Asked(ask_for(GOLD), WRITTEN, USAGE)])
    assert (column.fell_back, len(column.judgements)) == (1, 2)


def test_times_are_median_and_95th_percentile_of_answers_and_of_the_model() -> None:
    column = score_column("flash", [time_answer(float(total)) for total in range(100, 201)])
    assert (column.total.p50, column.total.p95, column.total.n) == (150.0, 195.0, 101)
    assert column.model_time.p50 == 149.0
    assert score_column("passages", [Asked(ask_for(GOLD), GOOD)]).model_time.p50 is None


def test_cost_is_shown_only_where_tokens_and_price_are_known() -> None:
    asked = [
        Asked(ask_for(GOLD), WRITTEN, USAGE),
        Asked(ask_for(GOLD), WRITTEN, Usage(completions=1, prompt_tokens=None, completion_tokens=None)),
        Asked(ask_for(GOLD), GOOD, Usage()),
    ]
    spending = score_column("flash", asked, model="unlisted", prices=PRICES).spending
    assert (spending.answers, spending.counted, spending.priced) == (2, 1, 1)
    assert spending.cost == pytest.approx(0.003) and spending.currency == "EUR"
    assert (spending.prompt_tokens, spending.completion_tokens) == (2_000, 100)
    unknown = score_column("flash", asked, prices=PRICES[:1]).spending
    assert (unknown.priced, unknown.cost, unknown.currency) == (0, None, None)


def test_rejected_claims_are_a_share_of_all_that_the_model_made() -> None:
    rejected = RejectedClaim("We are first.", ("S1",), ("numbers", "overlap"))
    answer = build_answer(build_claim(RULE), mode="model", trace=Trace(rejected=(rejected, rejected)))
    column = score_column("flash", [Asked(ask_for(GOLD), answer, USAGE)])
    assert column.rejected_claims == Share(2, 3)
    assert column.rejected_by == {"numbers": 2, "overlap": 2}


def test_meter_passes_everything_on_and_counts_since_the_last_time() -> None:
    scripted = ScriptedModel("{}", ModelUnavailable("it is too busy"), "{}")
    meter = MeteredModel(scripted)
    prompt = Prompt("system", "user" * 10)
    assert meter.complete_json(prompt, schema={}, thinking=True).text == "{}"
    with pytest.raises(ModelUnavailable, match="too busy"):
        meter.complete_json(prompt, schema={})
    usage = meter.take_usage()
    assert (usage.completions, usage.failures) == (1, ("it is too busy",))
    assert (usage.prompt_tokens, usage.completion_tokens) == (10, None)
    assert meter.take_usage() == Usage()
    assert scripted.prompts == [prompt, prompt]
