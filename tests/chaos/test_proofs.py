"""What breaks the site on purpose fits the site as it is, and every zero has one."""

from pathlib import Path

import pytest

from tests.chaos import ledger, proofs
from tests.chaos.proofs import MUTATIONS, Mutation
from tests.chaos.records import Record
from tests.chaos.truth import Evidence
from tests.stack.programs import ROOT


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_changes_what_is_there(mutation: Mutation, tmp_path: Path) -> None:
    copy = tmp_path / mutation.file
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / mutation.file).read_text())

    mutation.applied_in(tmp_path)

    compile(copy.read_text(), copy, "exec")
    with pytest.raises(ValueError, match="does not have this once"):
        mutation.applied_in(tmp_path)


def test_every_zero_is_shown_to_be_other() -> None:
    nothing = Evidence(record=Record(), writes=[], events=[], notices=[], mailed=set())

    zeros = ledger.judge(nothing).zeros

    assert {each.counted for each in proofs.MUTATIONS} == set(zeros)
