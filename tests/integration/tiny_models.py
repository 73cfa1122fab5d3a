"""Tiny random models written to a folder: nothing is fetched, nothing is trained. For tests of folders of models."""

from pathlib import Path
from string import ascii_lowercase
from typing import Any

WIDTH = 32
WORDS = ("our", "brand", "colour", "is", "teal", "logo", "price")


def write_embedder(folder: Path, *, prompts: dict[str, str] | None = None) -> Path:
    """A sentence-transformers model with vectors of WIDTH numbers."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    bert = _write_bert(folder / "bert", BertModel)
    model = SentenceTransformer(modules=[Transformer(str(bert)), Pooling(WIDTH, "mean")], prompts=prompts)
    model.save(str(folder / "embedder"))
    return folder / "embedder"


def write_reranker(folder: Path, *, labels: int = 1) -> Path:
    """A CrossEncoder with one score, or several."""
    from transformers import BertForSequenceClassification

    return _write_bert(folder / "reranker", BertForSequenceClassification, num_labels=labels)


def _write_bert(folder: Path, model: Any, **options: Any) -> Path:
    import torch
    from transformers import BertConfig, BertTokenizerFast  # type: ignore[attr-defined]

    folder.mkdir(parents=True)
    letters = [*ascii_lowercase, *(f"##{letter}" for letter in ascii_lowercase)]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *letters]))
    tokenizer = BertTokenizerFast(vocab=str(vocabulary))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        **options,
    )
    torch.manual_seed(7)
    model(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
