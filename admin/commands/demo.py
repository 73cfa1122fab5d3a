"""`onbrand demo`: the sample company, three questions answered and one refused, and the page of how Slack shows it."""

import shutil
from collections.abc import Mapping
from typing import Any

import click

from admin.commands.running import read_settings
from admin.owner import own_world
from admin.render import render_answer, render_sync
from admin.sample_company import DAY, MARKETER, QUESTIONS, SampleQuestion, add_samples
from admin.world import World
from bot.answer.as_json import answer_as_json
from bot.blocks.answer_blocks import build_answer
from bot.preview import PreviewMessage, render_preview
from core.answers import Answer, Question

NEXT_STEPS = """\
Next:
  your own folder   onbrand source add folder brand --path DIR --status approved --access all
                    onbrand sync brand, then onbrand ask "…"
  Slack             onbrand manifest, five steps in README.md, then onbrand up
  a model           ONBRAND_LLM_URL=http://…/v1: answers in words, every one checked"""


@click.command()
def demo() -> None:
    """Show onbrand at work on an invented company."""
    settings = read_settings()
    home = settings.home / "demo"
    shutil.rmtree(home, ignore_errors=True)
    settings = settings.model_copy(
        update={"home": home, "today": DAY, "database_url": None, "qdrant_url": None}
    )
    with own_world(settings) as world:
        click.echo(
            f"The sample company Pelmarrow, as of {DAY} (its dates are fixed). Asking as {MARKETER}.\n"
        )
        click.echo(render_sync(_load(world)))
        shown = [_ask(world, number, one) for number, one in enumerate(QUESTIONS, start=1)]
    page = home / "slack-preview.html"
    page.write_text(render_preview(_as_messages(shown), title="onbrand in Slack"), encoding="utf-8")
    click.echo(f"\nAs Slack would show it: {page}\n\n{NEXT_STEPS}")


def _load(world: World) -> Any:
    from admin.operations import run_operation

    def run(name: str, arguments: Mapping[str, Any]) -> Any:
        return run_operation(world, name, arguments, lambda _progress: None)

    return add_samples(run)


def _ask(world: World, number: int, sample: SampleQuestion) -> tuple[str, Answer]:
    question = Question(text=sample.text, asker=world.identify(MARKETER), on=DAY)
    answer = [event for event in world.pipeline.answer(question) if isinstance(event, Answer)][-1]
    shown = {**answer_as_json(answer), "asker": MARKETER, "on": str(DAY)}
    click.echo(f"\n{'─' * 96}\n{number}. {sample.text}\n   ({sample.note})\n\n{render_answer(shown)}")
    return sample.text, answer


def _as_messages(shown: list[tuple[str, Answer]]) -> list[PreviewMessage]:
    messages = []
    for text, answer in shown:
        reply = build_answer(answer)
        messages.append(PreviewMessage(author="Mara Ellison", is_app=False, text=text, blocks=(), at="10:02"))
        messages.append(
            PreviewMessage(
                author="onbrand",
                is_app=True,
                text=reply.text,
                blocks=[block.to_dict() for block in reply.blocks],
                at="10:02",
            )
        )
    return messages
