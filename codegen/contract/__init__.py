"""The contract, `openapi/knock.yaml`: the loaded document, and checks of what the generators assume."""
