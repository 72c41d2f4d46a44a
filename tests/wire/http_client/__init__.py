"""A client of httpx that an application gives."""
