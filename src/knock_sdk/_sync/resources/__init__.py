# Derived from src/knock_sdk/_async/resources/__init__.py by `python -m codegen`; do not edit.
"""Operations of the API, a module per resource or part of one."""
