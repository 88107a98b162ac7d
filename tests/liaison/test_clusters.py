"""Groups written one by one are the groups of all links together."""

import json

from consumers.deduplication.engine import Engine
from consumers.deduplication.groups import groups
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.store import MemoryStore
from liaison.clusters import Clusters
from liaison.corpora.generators import GENERATORS
from liaison.matching import read_subjects
from schemas.markings import MatchDecision

CASES = 1500
WITHDRAWN = 40


def test_one_by_one() -> None:
    """Every reference that is there once, in order, with the first of its group."""
    index = KeyIndex(MemoryStore(), remembered=10)
    engine = Engine(index)
    lines = [json.dumps(line) for line, _, _ in GENERATORS["registry"](CASES, 7)]
    subjects = list(read_subjects(line.encode() for line in lines))
    for subject in subjects:
        list(engine.observe(subject, keys_of(subject.features, subject.mode.value)))
    for subject in subjects[::WITHDRAWN]:
        list(engine.withdraw(subject.root, subject.origin, subject.age))
    gone = {subject.root for subject in subjects[::WITHDRAWN]}

    same = [one for one in index.links() if one.decision is MatchDecision.SAME]
    expected = groups(same, index.features)
    first_of = {root: members[0] for members in expected for root in members}
    references = {subject.root: subject.reference for subject in subjects}
    assert any(len(members) > 3 for members in expected)

    clusters = Clusters(index)
    assert list(clusters.rows()) == [
        {"reference": s.reference, "group": references[first_of.get(s.root, s.root)]}
        for s in subjects
        if s.root not in gone
    ]
    assert clusters.count == len(expected)
