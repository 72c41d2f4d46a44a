"""Slack, Microsoft Teams, Census and Hightouch."""
