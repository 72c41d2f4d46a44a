"""Commands that need no account: webhooks, user tokens, typed workflows, the simulator, migration."""
