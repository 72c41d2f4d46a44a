"""Servers, clients and helpers that tests of several folders share; nothing here is a test."""
