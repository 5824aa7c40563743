"""The desk: what people ask for, done; every surface brings its people's words and clicks here."""

from __future__ import annotations

from bots.chat.desk.desk import Desk
from bots.chat.desk.values import NOTHING, Answer, Asker, File, Upload

__all__ = ["NOTHING", "Answer", "Asker", "Desk", "File", "Upload"]
