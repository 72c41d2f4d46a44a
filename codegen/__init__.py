"""What is generated in this repository, and from what.

`python -m codegen` writes the types, the parameter types, the operation table and the simulator's data on requests
from `openapi/knock.yaml`, and the sync client from the async one; `python -m codegen --check` tells whether what is
committed is what would be written.
"""
