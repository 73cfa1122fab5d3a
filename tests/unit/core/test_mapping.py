"""Mapping rules: what matches, what is set, what is refused, and which way a value falls that cannot be used."""

from collections.abc import Mapping, Sequence

import pytest

from core.access import OWNER_ACCESS, AccessList
from core.errors import UsageError
from core.mapping import MappingRules, keep_refusal
from core.metadata import Declared, merge_levels

RULES = """\
rules:
  - when: {label: approved}
    set: {status: approved, kind: messaging}
  - when: {path: "Battlecards/**"}
    set: {kind: battlecard, owner: "{property:Owner}", valid_until: "{property:Expiry}"}
  - when: {path: "**/Quotes.xlsx"}
    rows: {quote: "Quote", speaker: "Speaker", company: "Company", consent: "Consent", valid_until: "Ends"}
"""
NO_SIGNALS: Mapping[str, Sequence[str]] = {}


def parse(*rules: str) -> MappingRules:
    return MappingRules.parse("rules:\n" + "".join(f"  - {rule}\n" for rule in rules))


def merge(
    rules: MappingRules, path: str = "a.md", signals: Mapping[str, Sequence[str]] = NO_SIGNALS
) -> Declared:
    return merge_levels(rules.place(path, "", signals).levels)


def test_rules_say_what_a_file_is_from_its_signals_and_path() -> None:
    signals = {
        "label": ("hot", "Approved"),
        "property:Owner": ("ann@otter.example",),
        "property:Expiry": ("2027-03-31",),
    }
    declared = merge(MappingRules.parse(RULES), "Battlecards/vors.docx", signals)
    assert (declared.status, declared.kind, declared.owner) == ("approved", "battlecard", "ann@otter.example")
    assert str(declared.validity.valid_until) == "2027-03-31"
    assert declared.warnings == ()


def test_rows_of_a_table_are_read_as_the_last_matching_rule_says() -> None:
    placed = MappingRules.parse(RULES).place("EU/Quotes.xlsx", "", {})
    assert placed.rows is not None
    assert placed.rows["quote"] == "Quote"
    assert (placed.levels, placed.rules) == ((), (3,))
    assert MappingRules.parse(RULES).place("EU/Prices.xlsx", "", {}).rows is None
    two = parse("{when: {path: '**'}, rows: {cta: A}}", "{when: {path: '*.csv'}, rows: {cta: B}}")
    assert two.place("x.csv", "", {}).rows == {"cta": "B"}


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        ("{label: approved}", True),
        ("{Label: APPROVED}", True),
        ("{label: appr*}", True),
        ("{label: app}", False),
        ("{label: [nothing, approved]}", True),
        ("{label: approved, state: final}", False),
        ("{label: approved, state: 'rough*'}", True),
        ("{missing: '*'}", False),
        ("{label: '*'}", True),
        ("{title: 'logo  rules*'}", True),
        ("{title: rules}", False),
        ("{'property:Tier': 1}", True),
        ("{path: 'Guides/**'}", True),
        ("{path: 'guides/**'}", False),
        ("{path: '*.docx'}", True),
        ("{path: [x.md, '**/Logo*']}", True),
    ],
)
def test_every_key_must_match_by_any_of_its_globs_and_any_value_of_the_signal(
    when: str, matches: bool
) -> None:
    signals = {"label": ("hot", "Approved"), "State": ("Rough draft",), "property:tier": ("1",)}
    placed = parse(f"{{when: {when}, set: {{status: approved}}}}").place(
        "Guides/2026/Logo.docx", "Logo Rules 2026", signals
    )
    assert bool(placed.levels) is matches


def test_title_of_a_file_that_states_none_is_its_name() -> None:
    rules = parse("{when: {title: 'battlecard *'}, set: {kind: battlecard}}")
    assert merge(rules, "deep/Battlecard Vorsquill.pptx").kind == "battlecard"
    assert rules.place("Battlecard Vorsquill.pptx", "Something else", {}).levels == ()


def test_folders_of_the_path_are_a_signal_where_the_source_gives_none() -> None:
    rules = parse("{when: {folder: 'battle cards'}, set: {kind: battlecard, brand: '{folder}'}}")
    assert merge(rules, "Battle Cards/x.md").brand == "Battle Cards"
    assert merge(rules, "EU/Battle cards/x.md").kind == "battlecard"
    assert merge(rules, "EU/x.md", {"folder": ("Battle cards",)}).kind == "battlecard"
    assert merge(rules, "Battle cards/x.md", {"folder": ("Other",)}).kind == "other"


@pytest.mark.parametrize("stated", ["draft", "Retired"])
def test_rule_approves_nothing_that_its_source_calls_a_draft_or_retired(stated: str) -> None:
    levels: tuple[Mapping[str, object], ...] = (
        {"status": " Approved", "kind": "messaging"},
        {"status": "approved"},
    )
    assert keep_refusal(levels, {"status": stated}) == ({"kind": "messaging"},)
    assert keep_refusal(({"status": "retired"},), {"status": stated}) == ({"status": "retired"},)
    assert keep_refusal(levels, {"status": "approved"}) == keep_refusal(levels, {}) == levels


def test_later_rule_stands_above_an_earlier_one() -> None:
    rules = parse(
        "{when: {path: '**'}, set: {status: approved, owner: ann}}",
        "{when: {label: old}, set: {status: retired}}",
    )
    declared = merge(rules, signals={"label": ("old",)})
    assert (declared.status, declared.owner) == ("retired", "ann")
    assert merge(rules).status == "approved"


def test_template_that_names_what_a_file_lacks_sets_nothing() -> None:
    rules = parse(
        "{when: {path: '**'}, set: {owner: ann, brand: Otter}}",
        "{when: {path: '**'}, set: {owner: '{property:Owner}', brand: '{space} {region}'}}",
    )
    declared = merge(rules, signals={"property:owner": ("  ",), "space": ("Mole",)})
    assert (declared.owner, declared.brand) == ("ann", "Otter")
    both = {"Property:Owner": ("bob",), "space": ("Mole",), "region": ("EU",)}
    assert (merge(rules, signals=both).owner, merge(rules, signals=both).brand) == ("bob", "Mole EU")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("status", ("aproved",)),
        ("status", ("approved", "draft")),
        ("valid_until", ("when we say so",)),
        ("valid_until", ("2027-01-01", "2028-01-01")),
    ],
)
def test_value_that_cannot_be_used_makes_the_file_a_draft_and_is_warned_of(
    field: str, values: tuple[str, ...]
) -> None:
    rules = parse(
        "{when: {path: '**'}, set: {status: approved}}",
        f"{{when: {{path: '**'}}, set: {{{field}: '{{property:X}}'}}}}",
    )
    placed = rules.place("a.md", "", {"property:X": values})
    assert merge_levels(placed.levels).status == "draft"
    (warning,) = placed.warnings
    assert warning.startswith(f"rule 2: {field} ")


def test_unusable_readers_and_classification_fall_on_the_safe_side() -> None:
    rules = parse(
        "{when: {path: '**'}, set: {access: all, classification: quote}}",
        "{when: {path: '**'}, set: {access: '{audience}', classification: '{posting}'}}",
    )
    declared = merge(rules, signals={"audience": ("everybody",), "posting": ("sure",)})
    assert (declared.access, declared.classification) == (OWNER_ACCESS, "never")


def test_each_value_of_a_signal_is_one_reader_whatever_stands_in_it() -> None:
    rules = parse("{when: {path: '**'}, set: {access: ['group:{team}', 'user:ann@otter.example']}}")
    declared = merge(rules, signals={"team": ("sales,all", "brand {label}")})
    readers = {"group:sales,all", "group:brand {label}", "user:ann@otter.example"}
    assert declared.access == AccessList((frozenset(readers),))
    assert rules.place("a.md", "", {}).levels == ({"access": ["user:ann@otter.example"]},)
    only = parse("{when: {path: '**'}, set: {access: 'group:{team}'}}")
    assert only.place("a.md", "", {}).levels == ()


def test_access_is_refused_where_the_source_has_permissions_of_its_own() -> None:
    for rule in (
        "{when: {path: '**'}, set: {access: all}}",
        "{when: {path: '*.xlsx'}, rows: {quote: Quote, access: Readers}}",
    ):
        text = f"rules:\n  - {rule}\n"
        assert MappingRules.parse(text)
        with pytest.raises(
            UsageError, match=r"rule 1 \(line 2\): sets access, but this source has permissions"
        ):
            MappingRules.parse(text, allows_access=False)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{when: {label: a}, set: {stauts: approved}}", "sets unknown stauts; allowed: title, brand, kind"),
        ("{when: {label: a}, set: {kind: poster}}", "kind 'poster' is not known; allowed: brand_guide"),
        ("{when: {label: a}, set: {valid_until: soon}}", "valid_until 'soon' is not a day"),
        ("{when: {label: a}, set: {access: everybody}}", "access 'everybody' is not understood"),
        ("{when: {label: a}, set: {access: ','}}", "names nobody"),
        ("{when: {label: a}, set: {url: 'http://x'}}", "is not a link that may be shown"),
        ("{when: {label: a}, set: {owner: '{property:Owner'}}", "a brace that is not closed or empty"),
        ("{when: {label: a}, set: {owner: 'Ann {}'}}", "a brace that is not closed or empty"),
        ("{when: {label: a}, set: {owner: [ann, bob]}}", "owner must be one word or text, received a list"),
        ("{when: {label: a}, set: {owner: {name: ann}}}", "owner must be a word, .* received dict"),
        ("{when: {label: a}, set: [status]}", "`set` must hold fields, received list"),
        ("{when: {label: a}, set: {owner: ''}}", "owner is empty"),
        ("{when: {label: yes}, set: {status: approved}}", "`when` label reads as true; put the word in"),
        ("{when: {label: ''}, set: {status: approved}}", "`when` label is empty"),
        ("{when: {label: []}, set: {status: approved}}", "`when` label is empty"),
        ("{when: {label: [[a]]}, set: {status: approved}}", "`when` label must be a word, .* received list"),
        ("{when: {7: a}, set: {status: approved}}", "`when` has the key 7"),
        ("{when: {path: /a/**}, set: {status: approved}}", "path '/a/\\*\\*' leads out of the source"),
        ("{when: {path: ../a}, set: {status: approved}}", "leads out of the source"),
        ("{when: {path: 'a\\b'}, set: {status: approved}}", "leads out of the source"),
        ("{when: {path: 'a/***'}, set: {status: approved}}", "path 'a/\\*\\*\\*' is no glob"),
        ("{when: {path: '*.{md,txt}'}, set: {status: approved}}", "is no glob; .* a list of several globs"),
        ("{set: {status: approved}}", "needs `when` with what must match"),
        ("{when: label, set: {status: approved}}", "needs `when` with what must match"),
        ("{when: {label: a}}", "says nothing; it needs `set`"),
        ("{when: {label: a}, then: {status: approved}}", "has unknown then; allowed: when, set, rows"),
        ("{when: {label: a}, rows: {quotes: Quote}}", "rows cannot map quotes; allowed: title"),
        ("{when: {label: a}, rows: [Quote]}", "rows must map .* received list"),
        ("{when: {label: a}, rows: {quote: }}", "quote needs the header of a column"),
        ("approved", "a rule needs `when` and `set`"),
    ],
)
def test_mistake_in_a_rule_is_named_with_rule_and_line(rule: str, message: str) -> None:
    good = "{when: {label: a}, set: {status: approved}}"
    with pytest.raises(UsageError, match=rf"^rule 2 \(line 3\): .*{message}"):
        parse(good, rule)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rules:\n  - when: {label: a\n    set: x", "not valid YAML, line 3"),
        ("rules:\n\t- x", "not valid YAML, line 2"),
        ("rules:\n  - when: {label: a, label: b}\n    set: {status: draft}", "says 'label' twice, line 2"),
        ("rules:\n  - when: {label: a}\n    set: {valid_until: 2027-13-45}", "not valid YAML: month must be"),
        ("- when: {label: a}", "must hold one key `rules`"),
        ("rules: {when: a}", "must hold one key `rules` with a list"),
        ("rule: []", "must hold one key `rules`"),
        ("[" * 5000, "not valid YAML"),
        ("#" * 200_001, "has 200001 characters"),
        ("rules: [" + "x, " * 201 + "]", "has 201 rules; at most 200"),
    ],
)
def test_text_that_is_no_mapping_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        MappingRules.parse(text)


@pytest.mark.parametrize("text", ["", "rules:", "rules: []"])
def test_mapping_without_rules_says_nothing(text: str) -> None:
    rules = MappingRules.parse(text)
    assert not rules
    assert (rules.as_json(), rules.place("a.md", "", {}).levels) == ([], ())


def test_stored_rules_are_those_that_were_typed() -> None:
    rules = MappingRules.parse(
        RULES + "  - {when: {Tier: [1, b]}, set: {access: 'all', valid_from: 2027-01-01}}"
    )
    stored = rules.as_json()
    assert stored[0] == {"when": {"label": "approved"}, "set": {"status": "approved", "kind": "messaging"}}
    assert stored[3] == {
        "when": {"Tier": ["1", "b"]},
        "set": {"access": ["all"], "valid_from": "2027-01-01"},
    }
    assert MappingRules.parse(stored) == rules
    with pytest.raises(UsageError, match=r"^rule 1: "):
        MappingRules.parse([{"when": {"label": "a"}}])
