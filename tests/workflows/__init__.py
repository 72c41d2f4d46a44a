"""Typed workflows: what is accepted, what is sent, and the module that the command writes."""
