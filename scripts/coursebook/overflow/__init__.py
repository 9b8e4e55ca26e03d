"""The overflow gate: no slide holds more than it shows, measured in a real browser."""
