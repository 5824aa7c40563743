"""How this process logs: structlog, to standard error, as JSON or as text for people.

A traceback is logged without the values of its variables: a token or a person's words may be there.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal, TextIO

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper, add_log_level
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

Format = Literal["json", "text"]
Level = Literal["debug", "info", "warning", "error"]


def configure(format_: Format, level: Level, out: TextIO | None = None) -> None:
    """Sets up logging for the whole process."""
    if format_ == "json":
        traces = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        last: list[Processor] = [traces, JSONRenderer()]
    else:
        last = [ConsoleRenderer(exception_formatter=plain_traceback)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            add_log_level,
            TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(out or sys.stderr),
        cache_logger_on_first_use=False,
    )
