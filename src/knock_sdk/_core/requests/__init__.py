"""Requests: operations of the API, options, limits, and how a request is encoded."""
