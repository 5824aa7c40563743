"""The local Slack and the local Discord as processes, with the people who debate in them."""
