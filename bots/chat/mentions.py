"""Anybody's words so that they ping nobody, on any surface, in code too.

What would call somebody is broken up by a zero-width space: it reads as it was written, and no
platform takes it for a mention any more. E-mail addresses stay as they are. A surface does its own
escaping on top of this; the tag of the next speaker is written by the surface, after it.
"""

from __future__ import annotations

import re

BREAK = "\u200b"

_AT = r"[@＠﹫]|&(?:#0*64|#x0*40|commat);?+"
# These two call everybody wherever they stand, in an address too.
_ADDRESS = r"(?<=[\w.+-])@(?!everyone|here)(?=[\w-]+(?:\.[\w-]+)+)"
_CALL = re.compile(rf"(?P<address>{_ADDRESS})|(?:{_AT})(?![{BREAK}\s])", re.IGNORECASE)

_LESS = r"<|&(?:lt|#0*60|#x0*3c);?+"
# <@id> <!channel> <#id> </command:id> <id:guide> <url|label>, and an end that others go on from.
_OPENS = r"\s*[@＠﹫!#&]|/[^<>\n]*:|id:|[^<>|\n]{1,2000}\||\s*\Z"
_MARKUP = re.compile(rf"(?:{_LESS})(?!{BREAK})(?={_OPENS})", re.IGNORECASE)


def inert(text: str) -> str:
    """The same words, so that nothing in them is a mention; once more changes nothing."""
    text = _MARKUP.sub(lambda mark: mark[0] + BREAK, text)
    return _CALL.sub(lambda at: at[0] if at["address"] else at[0] + BREAK, text)
