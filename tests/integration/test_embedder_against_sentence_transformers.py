"""The default embedder against sentence-transformers on the same weights, which runs in its own process."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.minilm_graph import build_model_files
from index.model_files import WEIGHTS_SHA256, Precision, find_packaged_file
from index.onnx_embedder import OnnxEmbedder

pytestmark = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="needs the extra [models], which brings torch"
)

TEXTS = [
    "Our platform keeps customer data in the region the customer chose.",
    "What is our approved positioning on data security?",
    "Find an approved customer quote about implementation time",
    "Which calls to action are active for the enterprise landing page?",
    "May we say 'the leading platform'?",
    "Never use the logo on a photograph without the white plate behind it.",
    "The trial lasts 30 days; a card is not asked for.",
    "Prices are given without tax: €49 per seat and month, €490 per seat and year.",
    "Book a demo",
    "“We were live in eleven days,” said the head of operations.",
    "Battlecard: where they lead on price, we lead on audit trails, single sign-on and residency.",
    "Headings are written in sentence case and end without a full stop.",
    "Do not call the product revolutionary, unique, world-class or best-in-class.",
    "| Region | Discount | Until |\n|---|---|---|\n| North | 12 % | 31 March |\n| South | 8 % | 30 June |",
    "- short sentences\n- active verbs\n- one idea in a paragraph\n",
    "# Tone of voice\n\nWarm, plain and exact. We explain before we persuade.",
    "Die Marke spricht ruhig und genau, nie laut.",
    "Notre ton est simple, précis et chaleureux.",
    "私たちの約束は簡単です。",
    "Наш тон спокоен и точен.",
    "Ναι, η υπηρεσία είναι διαθέσιμη.",
    "خدمتنا متاحة في كل المناطق.",
    "Launch 🚀 on Friday 🎉 — please hold the post until 9:00.",
    "def build_link(campaign: str) -> str:\n    return f'/go/{campaign}?utm_source=mail'",
    "https://example.com/brand/guide?version=3#colours",
    "ABC-1234 ISO 27001 SOC 2 TYPE II GDPR HIPAA",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
    "?",
    "",
    "     \n\t  ",
    "a",
    "Superkalifragilistischexpialigetischantidisestablishmentarianism" * 4,
    "café naïve coöperate Ångström ﬁne ½ ™ ①",
    "ZERO\u200bWIDTH and non\u00a0breaking and soft\u00adhyphen",
    "not approved not approved not approved not approved not approved",
    "Retired: the tagline of last spring, 'Faster than ever', is not used any more, in any market.",
    "This case study may be linked to, but no sentence of it may be posted.",
    " ".join(f"Clause {number} says who signs and by which day." for number in range(14)),
    " ".join(f"Slide {number}: security, residency, audit, price." for number in range(30)),
    " ".join(f"Row {number} holds the approved quote of customer {number * 7}." for number in range(400)),
]

REFERENCE = """
import json, sys
import numpy, torch
from sentence_transformers import SentenceTransformer
torch.set_num_threads(2)
model = SentenceTransformer(sys.argv[1], device="cpu")
vectors = model.encode(json.loads(sys.stdin.read()), normalize_embeddings=True, show_progress_bar=False)
numpy.save(sys.argv[2], vectors)
"""


@pytest.fixture(scope="module")
def reference_vectors(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float32]:
    saved = tmp_path_factory.mktemp("reference") / "vectors.npy"
    model_folder = find_packaged_file("model.safetensors", WEIGHTS_SHA256).parent
    subprocess.run(
        [sys.executable, "-c", REFERENCE, str(model_folder), str(saved)],
        input=json.dumps(TEXTS),
        text=True,
        check=True,
        capture_output=True,
        timeout=300,
        env={"HF_HUB_OFFLINE": "1"},
    )
    vectors: NDArray[np.float32] = np.load(saved)
    return vectors


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    build_model_files(folder)
    return folder


@pytest.mark.parametrize(("precision", "lowest", "mean"), [("fp32", 0.99999, 0.99999), ("int8", 0.975, 0.99)])
def test_vectors_agree_with_sentence_transformers(
    models_folder: Path,
    reference_vectors: NDArray[np.float32],
    precision: Precision,
    *,
    lowest: float,
    mean: float,
) -> None:
    vectors = OnnxEmbedder(precision, models_folder=models_folder).embed_passages(TEXTS)
    cosines = (vectors * reference_vectors).sum(axis=1)
    assert len(TEXTS) == len(cosines) == 40
    assert cosines.min() >= lowest, TEXTS[int(cosines.argmin())]
    assert cosines.mean() >= mean
