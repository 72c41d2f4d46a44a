"""Tests of Slack, Microsoft Teams, Census and Hightouch."""
