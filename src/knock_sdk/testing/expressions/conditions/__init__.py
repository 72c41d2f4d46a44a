"""Conditions: their operators, and those of steps, workflows and guides."""
