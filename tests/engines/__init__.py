"""Imports by several workers of an engine, of which one is lost midway: what arrives at Knock, how often and how fast.

Celery runs in the tests. `python -m tests.engines` runs Ray and Spark too, which weigh half a gigabyte each, and prints
a table. It needs `redis-server`, for Spark Java 17 or newer, and the packages that it names if they are not installed.
"""
