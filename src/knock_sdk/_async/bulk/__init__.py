"""Bulk jobs: any number of items, in as many requests as it takes."""
