"""OpenTelemetry: a span for each call, metrics, and the propagation of traces.

::

    from knock_sdk import otel

    otel.instrument()  # every client of this process, or instrument(client) for one

It needs OpenTelemetry's API: `pip install 'knock-sdk[otel]'`. It is imported with the first call of `instrument`. Where
traces and metrics go is up to the providers that the application sets up with OpenTelemetry's SDK.

A span has the attributes of the semantic conventions for HTTP clients, and some that begin with `knock.`. Neither keys
nor tokens nor bodies are recorded.
"""

from __future__ import annotations

from ._switch import instrument, uninstrument

__all__ = ["instrument", "uninstrument"]
