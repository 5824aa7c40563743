"""Shows debates in a platform's threads: every event that has a form there, in order, once."""

from __future__ import annotations

from bots.chat.delivery.loop import Delivery, DeliveryLimits
from bots.chat.delivery.ports import Log, Ports

__all__ = ["Delivery", "DeliveryLimits", "Log", "Ports"]
