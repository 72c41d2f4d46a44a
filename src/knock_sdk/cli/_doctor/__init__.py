"""`knock-sdk doctor`: what keeps this machine from using the API, and what to do about it."""
