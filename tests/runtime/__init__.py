"""The door and the worker, on a real Redis server and models over HTTP."""
