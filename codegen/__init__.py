"""Code generation: the files that this repository derives from its own sources.

`python -m codegen` writes the types, the parameter types, the operation table and the simulator's data on requests
from `openapi/knock.yaml`, and the sync client from the async one; `python -m codegen --check` reports every
committed file that differs from what would be written.
"""
