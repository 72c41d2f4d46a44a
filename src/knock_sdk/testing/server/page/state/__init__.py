"""Pages of the state: runs, what was not sent, recipients, workflows, requests, webhooks, and the clock."""
