import numpy as np
import pytest

from admin.evals.cross_validation import cross_validate, rank_settings

COUNT = 60


def test_a_setting_that_is_best_everywhere_loses_nothing() -> None:
    good, bad = [1] * COUNT, [None] * COUNT
    judged = cross_validate([bad, good, bad])
    assert (judged.best, judged.seen, judged.unseen) == (1, 1.0, 1.0)
    assert (judged.drop.value, judged.drop.low, judged.drop.high) == (0, 0, 0)


def test_settings_that_are_good_by_luck_alone_are_found_out() -> None:
    # Three hundred settings, each right by the toss of a coin: the best looks far better than one half.
    tossed = np.random.default_rng(1).random((300, COUNT)) < 0.5
    judged = cross_validate([[1 if hit else None for hit in row] for row in tossed])
    assert judged.seen > 0.65
    assert judged.unseen == pytest.approx(0.5, abs=0.12)
    assert judged.drop.low > 0.02
    assert judged.drop.value == pytest.approx(judged.seen - judged.unseen)


def test_a_setting_that_wins_by_one_question_loses_it_when_that_one_is_held_out() -> None:
    # The planted one is right on question 0 alone, the sound one on all but questions 0 to 2.
    sound = [None if question < 3 else 1 for question in range(10)]
    planted = [1 if question in (0, *range(3, 10)) else None for question in range(10)]
    second = [1 if question in (1, *range(3, 10)) else None for question in range(10)]
    judged = cross_validate([sound, planted, second], folds=10)
    # Held out, each of both loses its own question: then the other one is better, and misses it.
    assert judged.best == 1
    assert judged.seen == pytest.approx(0.8)
    assert judged.unseen == pytest.approx(0.7)
    assert judged.drop.value == pytest.approx(0.1)


def test_result_is_the_same_every_time_and_has_a_drop_for_each_repetition() -> None:
    tossed = np.random.default_rng(2).integers(1, 12, size=(8, COUNT)).tolist()
    judged = cross_validate(tossed)
    assert judged == cross_validate(tossed)
    assert len(judged.drops) == 20
    assert judged.drop.value == pytest.approx(sum(judged.drops) / 20)


def test_of_equal_hits_the_better_reciprocal_rank_wins_and_then_the_first() -> None:
    assert rank_settings([[4, 4], [1, 5], [1, 5], [1, None], [6, 6]]) == [1, 2, 0, 3, 4]


def test_fewer_questions_than_folds_and_no_setting_are_refused() -> None:
    with pytest.raises(ValueError, match="4 questions cannot be parted into 5 folds"):
        cross_validate([[1, 1, 1, 1]])
    with pytest.raises(ValueError, match="at least one setting"):
        cross_validate([])
