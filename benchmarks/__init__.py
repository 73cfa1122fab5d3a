"""Figures of this machine: `make bench`. Each is a median of five; machines differ, so a calibration stands beside them."""
