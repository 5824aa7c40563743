"""A local Discord: REST, gateway, webhooks and interactions over real HTTP and WebSocket."""
