"""How long Slack waits for things, as documented; a test can make it shorter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, unless a name says otherwise."""

    ack_s: float = 3.0
    """For an event, a command, a press or a submission to be acknowledged."""
    retries_s: tuple[float, ...] = (0.0, 60.0, 300.0)
    """The waits before an event that was not acknowledged is sent again."""
    trigger_s: float = 3.0
    """The life of a trigger id."""
    connection_s: float = 18_060.0
    """The life of a Socket Mode connection; Slack tells it in `hello`."""
    debug_connection_s: float = 360.0
    """The same where the URL says `debug_reconnects=true`."""
    warning_s: float = 10.0
    """From the warning to the end of a connection."""
    ping_s: float = 5.0
    response_url_s: float = 1_800.0
    response_url_uses: int = 5
    stream_s: float = 300.0
    """The life of a streaming message, even while it grows."""
    status_s: float = 120.0
    """For how long a thinking status stays without a message."""
    code_s: float = 600.0
    """The life of an OAuth code."""
    grace_s: float = 60.0
    """For how long a refresh token that was used is taken again; Slack says: a short while."""
