"""The story of one edit at the source, under each of the two cautious ways: what Mara reads, and what Cora decides."""

from tests.integration.small_world import MakeWorld, SmallWorld

BEFORE = "# Tone\n\nWe never use exclamation marks."
AFTER = "# Tone\n\nExclamation marks are welcome everywhere."


def what_mara_reads(world: SmallWorld) -> list[tuple[str, bool]]:
    """Sentences on exclamation marks that an ordinary reader finds, and whether a newer draft is said to wait."""
    return [
        (one.passage.text, one.document.newer_draft)
        for one in world.find("exclamation marks")
        if "marks" in one.passage.text
    ]


def test_story_of_an_edit_that_waits_for_its_curator(make_world: MakeWorld) -> None:
    # The brand team keeps the tone guide in a folder; it is approved, and Mara reads it.
    world = make_world(on_change="keep_approved")
    world.write("tone.md", BEFORE)
    world.sync()
    assert what_mara_reads(world) == [("We never use exclamation marks.", False)]

    # One evening somebody rewrites the file. The sync sees it, and sees it again.
    world.write("tone.md", AFTER)
    world.sync()
    world.sync(full=True)

    # Mara still reads what was approved, and is told that something new waits.
    assert what_mara_reads(world) == [("We never use exclamation marks.", True)]

    # Cora looks at it and approves. From that moment, without another sync, Mara reads the new text.
    world.approve("tone.md")
    assert what_mara_reads(world) == [("Exclamation marks are welcome everywhere.", False)]

    # It was a mistake. Cora takes her approval back, and the old text answers again, word for word.
    world.undo_last()
    assert what_mara_reads(world) == [("We never use exclamation marks.", True)]

    # She takes that back too: the evening's text was right after all.
    world.undo_last()
    assert what_mara_reads(world) == [("Exclamation marks are welcome everywhere.", False)]


def test_story_of_an_edit_that_silences_the_document(make_world: MakeWorld) -> None:
    # Legal lines are held: nobody is to read an old price while a new one is being agreed.
    world = make_world(on_change="hold")
    world.write("tone.md", BEFORE)
    world.sync()
    assert what_mara_reads(world) == [("We never use exclamation marks.", False)]

    # The file changes, and the document is silent: neither the old text nor the new one.
    world.write("tone.md", AFTER)
    world.sync()
    world.sync(full=True)
    assert what_mara_reads(world) == []

    # Cora approves, and it speaks again.
    world.approve("tone.md")
    assert what_mara_reads(world) == [("Exclamation marks are welcome everywhere.", False)]

    # Taken back, it is silent again: the text before belongs to nobody's approval any more.
    world.undo_last()
    assert what_mara_reads(world) == []
