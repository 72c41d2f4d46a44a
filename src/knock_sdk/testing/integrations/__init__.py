"""Integrations of the API with other services: Slack, Microsoft Teams, Census and Hightouch."""
