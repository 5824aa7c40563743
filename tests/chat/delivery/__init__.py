"""Delivery, on a real Redis and a platform over real HTTP."""
