"""Commands about users, objects and tenants."""
