"""The ledger: what left, what came, and the proof of it, in SQL.

``tables`` declares it; ``outgoing`` is the sender's half, ``incoming`` the recipient's,
``recovery`` what a sender does after forks, gaps and losses, ``deliveries`` what a duty officer
sees, ``audit`` verifies whole chains offline.
"""

from gateway.ledger.outgoing import was_released

__all__ = ["was_released"]
