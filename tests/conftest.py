"""What all tests share: one real embedded Kafka for those that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from liaison.broker import Broker
from producers.kafka import KafkaSettings

# How long an example takes says something about the machine, not about the product.
settings.register_profile("liaison", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("liaison")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """A real broker for the whole session; a test uses a topic prefix of its own."""
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    try:
        broker.start()
        broker.wait()
        yield broker.settings()
    finally:
        broker.stop()
