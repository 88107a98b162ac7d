"""Pairs and groups found one company after another are those of all links together."""

import json

from consumers.deduplication.company import certainties
from consumers.deduplication.engine import Engine
from consumers.deduplication.groups import TOGETHER, groups
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.store import MemoryStore
from liaison.clusters import Clusters
from liaison.corpora.generators import GENERATORS
from liaison.matching import read_subjects

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

    everything = certainties(index.links(), index.features)
    together = [one for one in everything if one.is_surer_than(TOGETHER)]
    expected = groups(together, index.features)
    first_of = {root: members[0] for members in expected for root in members}
    references = {subject.root: subject.reference for subject in subjects}
    assert any(len(members) > 3 for members in expected)
    rows = [
        {"reference": s.reference, "group": references[first_of.get(s.root, s.root)]}
        for s in subjects
        if s.root not in gone
    ]

    clusters = Clusters(index)
    assert sorted(clusters.pairs()) == everything
    assert any(one.link is None for one in everything)
    for again in (clusters, Clusters(index)):  # with and without the pairs before
        assert list(again.rows()) == rows
        assert again.count == len(expected)
