"""A local Slack: its Web API, Socket Mode, Events API and people, over real HTTP and WebSocket."""
