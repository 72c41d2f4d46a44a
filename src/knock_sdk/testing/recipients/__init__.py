"""Users, objects and tenants: properties, preferences, channel data, audiences, subscriptions."""
