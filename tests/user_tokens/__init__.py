"""User tokens: claims, grants, keys, and what errors must not show."""
