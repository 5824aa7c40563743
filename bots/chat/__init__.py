"""What every surface shares; knows no platform."""
