"""Settings, URLs and the ASGI application."""
