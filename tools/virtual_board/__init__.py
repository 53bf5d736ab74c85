"""The board without a board: the ESP32's own program, unchanged, against models of what is wired to it."""
