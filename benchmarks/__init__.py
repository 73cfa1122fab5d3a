"""Figures of this machine, each a median of five, with a calibration beside them: `make bench`."""
