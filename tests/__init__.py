"""The project's tests: see `support` for what several folders of them use."""
