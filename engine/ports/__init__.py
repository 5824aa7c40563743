"""What the engine needs from outside, a file a port: a short Protocol, its values, its errors.

Errors say whose fault it is. `Rejected` (in `engine.debate.commands`): the person's. `Conflict`: a
race; load and decide again. `StoreAway`, `ModelAway`: a server's; try again. `ModelRefused`: the
request's or the settings'; trying again changes nothing. Those that are `Explained` may be shown.
Adapters turn their library's errors into these. Anything else is a bug and is let through.
"""
