# Derived from src/knock_sdk/_async/resources/__init__.py by `python -m codegen`; do not edit.
"""Operations of the API, with one or more modules per resource."""
