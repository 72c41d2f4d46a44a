"""Responses: models and errors, pages, and how a response is decoded."""
