"""Settings of embedder and reranker, and of how much the language model does. A part of core.settings.Settings."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from core.setting import check_web_address
from core.setting import declare_setting as _setting

WEB_ADDRESS = "http://… or https://…, usually ending in /v1"


class ModelSettings(BaseSettings):
    """Which embedder makes vectors, whether a reranker looks at what was found, how the language model is used."""

    llm_context_tokens: int = _setting(
        "ONBRAND_LLM_CONTEXT_TOKENS",
        6_000,
        "Passages that the model reads for one question, in tokens; never more than its own context allows.",
        "Language model",
        ge=800,
    )
    llm_veto: bool = _setting(
        "ONBRAND_LLM_VETO",
        False,  # noqa: FBT003 - the default stands in this place for every setting
        "Ask the model once more whether each checked sentence is supported; it can reject one, never rescue one.",
        "Language model",
    )

    embedder_folder: Path | None = _setting(
        "ONBRAND_EMBEDDER_FOLDER", None, "Folder of a sentence-transformers model, for folder.", "Index"
    )
    embedder_url: str | None = _setting(
        "ONBRAND_EMBEDDER_URL",
        None,
        "OpenAI-compatible endpoint with /embeddings, for endpoint.",
        "Index",
        allowed=WEB_ADDRESS,
        repr=False,
    )
    embedder_model: str | None = _setting(
        "ONBRAND_EMBEDDER_MODEL", None, "Model id at that endpoint.", "Index"
    )
    embedder_key: SecretStr | None = _setting(
        "ONBRAND_EMBEDDER_KEY", None, "API key of that endpoint, if it wants one.", "Index"
    )
    embedder_question_prefix: str | None = _setting(
        "ONBRAND_EMBEDDER_QUESTION_PREFIX",
        None,
        'Words that the model wants before a question, such as "query: "; unset: the folder\'s own, or none.',
        "Index",
    )
    embedder_passage_prefix: str | None = _setting(
        "ONBRAND_EMBEDDER_PASSAGE_PREFIX", None, "The same before a passage.", "Index"
    )
    embedder: Literal["onnx", "folder", "endpoint"] = _setting(
        "ONBRAND_EMBEDDER",
        "onnx",
        "What makes vectors: onnx (built in), folder (extra [models]) or endpoint. A change needs a new index.",
        "Index",
        validate_default=True,
    )
    reindex_questions: Path | None = _setting(
        "ONBRAND_REINDEX_QUESTIONS",
        None,
        "Golden questions (as for `onbrand eval retrieval`) that a re-index asks of the old and the new index.",
        "Index",
        allowed="path of a file of JSON lines",
    )
    reindex_most_drop: float = _setting(
        "ONBRAND_REINDEX_MOST_DROP",
        0.02,
        "A re-index stops before its switch when hit@5 of the golden questions falls by more.",
        "Index",
        ge=0,
        le=1,
    )
    reranker_folder: Path | None = _setting(
        "ONBRAND_RERANKER_FOLDER", None, "Folder of a CrossEncoder (extra [models]); unset: none.", "Index"
    )
    reranker_url: str | None = _setting(
        "ONBRAND_RERANKER_URL",
        None,
        "Endpoint with /rerank instead of a folder; unset: none.",
        "Index",
        allowed=WEB_ADDRESS,
        repr=False,
    )
    reranker_key: SecretStr | None = _setting(
        "ONBRAND_RERANKER_KEY", None, "API key of that endpoint, if it wants one.", "Index"
    )
    reranker_model: str | None = _setting(
        "ONBRAND_RERANKER_MODEL", None, "Model id at that endpoint.", "Index", validate_default=True
    )

    @field_validator("embedder_url", "reranker_url")
    @classmethod
    def _is_model_address(cls, value: str | None) -> str | None:
        return check_web_address(value)

    # The names of validators must differ from those of core.settings.Settings, which would replace them silently.
    # Checks of a field, not of the whole: those would run only when every field is good.
    @field_validator("embedder")
    @classmethod
    def _embedder_is_whole(cls, value: str, info: ValidationInfo) -> str:
        needed = {"folder": ("embedder_folder",), "endpoint": ("embedder_url", "embedder_model")}.get(
            value, ()
        )
        # A field that failed its own check is not in the data: it has been reported already.
        missing = [f"ONBRAND_{name.upper()}" for name in needed if info.data.get(name, "") is None]
        if missing:
            raise ValueError(f"{' and '.join(missing)} missing: {value} needs it beside ONBRAND_EMBEDDER")
        return value

    @field_validator("reranker_model")
    @classmethod
    def _reranker_is_whole(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("reranker_url") is None:
            return value
        if info.data.get("reranker_folder") is not None:
            raise ValueError(
                "ONBRAND_RERANKER_FOLDER and ONBRAND_RERANKER_URL are both set; keep one of them"
            )
        if value is None:
            raise ValueError("ONBRAND_RERANKER_MODEL is missing: ONBRAND_RERANKER_URL needs it")
        return value
