"""The Slack side as one thing to start and stop. Used by `onbrand up` and `onbrand bot`."""

import logging
import threading
import traceback
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from secrets import token_hex

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.blocks.answer_blocks import build_notice
from bot.claim_event import EventClaims, build_claim_middleware
from bot.connection import Connection, HttpConnection, SocketConnection
from bot.delivery import Answers, Delivery, DeliveryParts, ReadsTurns
from bot.listeners import register_listeners
from bot.people import KnowsPeople, SlackPeople
from bot.post_once import OncePoster
from bot.slack_clients import Identity, SlackUnreachable, build_clients, build_logger, build_open_client
from core.channel_settings import ChannelSettings
from core.clock import Clock, Stopwatch
from core.database import Database
from core.settings import Settings

STATUS_THREADS = 8
LONGEST_PAUSE_SECONDS = 30.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SlackTimings:
    """Seconds. A lease outlives two missed renewals; `grace` is what a stop gives to answers in hand."""

    request: int = 15
    lease: float = 90.0
    sweep: float = 30.0
    ping: float = 10.0
    grace: float = 20.0


DEFAULT_TIMINGS = SlackTimings()


class SlackService:
    """Everything between Slack and the answer pipeline, in threads of its own."""

    def __init__(  # noqa: PLR0913 - the doors of one process, joined by whoever starts it
        self,
        *,
        settings: Settings,
        pipeline: Answers,
        people: KnowsPeople,
        database: Database,
        clock: Clock,
        worker_name: str,
        turns: ReadsTurns | None = None,
        timings: SlackTimings = DEFAULT_TIMINGS,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._timings = timings
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connection: Connection | None = None
        self._executor = ThreadPoolExecutor(settings.answer_threads, thread_name_prefix="answer")
        self._status_executor = ThreadPoolExecutor(STATUS_THREADS, thread_name_prefix="status")
        self._clients = build_clients(settings, timeout_seconds=timings.request)
        self._identity = Identity(self._clients.patient)
        # The random part keeps a restarted process from taking the old one's rows for its own.
        worker = f"{worker_name[:60]}-{token_hex(4)}"
        self._claims = EventClaims(database, clock, worker=worker, lease_seconds=timings.lease)
        channels = ChannelSettings(database, quote_characters=settings.quote_characters)
        self._delivery = Delivery(self._build_parts(pipeline, people, channels, turns))
        self.app = build_app(
            settings,
            identity=self._identity,
            claims=self._claims,
            delivery=self._delivery,
            executor=self._executor,
        )

    def start(self) -> None:
        """Begin to connect, finish what a dead process left, and listen. Returns at once."""
        for name, target in (("slack-connection", self._run), ("slack-housekeeping", self._keep_house)):
            thread = threading.Thread(target=target, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Take no more events, give answers in hand a while, and leave the rest to the next process."""
        if self._connection is not None:
            self._connection.close()
        watch = Stopwatch()
        while self._claims.held_count and watch.milliseconds() < self._timings.grace * 1000:
            self._stopping.wait(0.05)
        self._stopping.set()
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._status_executor.shutdown(wait=False, cancel_futures=True)
        self._claims.release()
        for thread in self._threads:
            thread.join(timeout=5)

    def is_healthy(self) -> bool:
        """True while events from Slack can arrive."""
        return self._connection is not None and self._connection.is_healthy()

    def list_dead_threads(self) -> tuple[str, ...]:
        """Those without which no event would be heard or kept, and that have ended although nobody stopped them."""
        if self._stopping.is_set():
            return ()
        return tuple(thread.name for thread in self._threads if not thread.is_alive())

    def tell_admins(self, text: str) -> None:
        """Post one line into the channel for alerts, or into the log where none is set. Raises what Slack says."""
        channel = self._settings.alerts_channel
        if channel is None:
            logger.warning("%s", text)
            return
        notice = build_notice(text)
        self._clients.patient.chat_postMessage(
            channel=channel,
            text=notice.text,
            blocks=notice.blocks,
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
            parse="none",
        )

    @property
    def http_port(self) -> int | None:
        """The port of HTTP mode once it listens."""
        return self._connection.port if isinstance(self._connection, HttpConnection) else None

    def _run(self) -> None:
        if not self._wait_for_identity():
            return
        self._resume(everything=not self._settings.is_shared)
        self._connection = self._open_connection()
        # `stop` may have come while the connection was being made, and closed nothing.
        if self._stopping.is_set():
            self._connection.close()
        else:
            self._connection.run()

    def _wait_for_identity(self) -> bool:
        pause = 1.0
        while not self._stopping.is_set():
            try:
                self._identity.authorize()
            except SlackUnreachable as error:
                logger.warning("%s; trying again in %.0f seconds", error, pause)
                self._stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                return True
        return False

    def _resume(self, *, everything: bool) -> None:
        for message in self._claims.take_over(everything=everything):
            self._executor.submit(self._delivery.deliver, message)

    def _open_connection(self) -> Connection:
        settings = self._settings
        if settings.slack_mode == "http":
            return HttpConnection(self.app, settings)
        token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
        return SocketConnection(self.app, token, clock=self._clock, ping_seconds=self._timings.ping)

    def _keep_house(self) -> None:
        while not self._stopping.wait(self._timings.sweep):
            try:
                self._claims.renew()
                if self._settings.is_shared:
                    self._resume(everything=False)
            except Exception as error:  # noqa: BLE001 - one missed round is no harm, a dead thread would be
                logger.warning("renewing or taking over events failed: %s", type(error).__name__)

    def _build_parts(
        self, pipeline: Answers, people: KnowsPeople, channels: ChannelSettings, turns: ReadsTurns | None
    ) -> DeliveryParts:
        clients = self._clients
        return DeliveryParts(
            pipeline=pipeline,
            people=SlackPeople(clients.patient, people, self._clock, guests=self._settings.guests),
            claims=self._claims,
            poster=OncePoster(
                clients.single, reader=clients.patient, claims=self._claims, stopping=self._stopping
            ),
            channels=channels,
            clock=self._clock,
            status_client=clients.quick,
            status_executor=self._status_executor,
            max_question_characters=self._settings.max_question_characters,
            turns=turns,
        )


def build_app(
    settings: Settings, *, identity: Identity, claims: EventClaims, delivery: Delivery, executor: Executor
) -> App:
    """The Bolt app: claim first, then acknowledge, then answer on `executor`. Makes no call to Slack."""

    # Bolt would hand `self` of a bound method over as one more argument.
    def authorize() -> AuthorizeResult:
        return identity.authorize()

    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    app = App(
        name="onbrand",
        logger=build_logger(),
        client=build_open_client(settings),
        authorize=authorize,
        signing_secret=secret,
        token_verification_enabled=False,
        listener_executor=executor,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(log_error)
    app.middleware(build_claim_middleware(claims, delivery.show_first_status))
    register_listeners(app, delivery)
    return app


def log_error(error: Exception) -> None:
    """Log what Bolt caught. Without the error's text: a database error may quote the question."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("an event from Slack was not handled: %s\n%s", type(error).__name__, where)
