"""Servers, clients and helpers that the tests of several folders share. There are no tests here."""
