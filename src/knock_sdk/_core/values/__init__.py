"""Values that callers give: their form in JSON, in queries and in headers."""
