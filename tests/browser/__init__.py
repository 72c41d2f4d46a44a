"""The simulator's page, and its server, in a real browser: Chromium, driven by Playwright.

The tests are skipped where Chromium or Playwright is missing, and fail there if `BROWSER_TESTS_REQUIRED` is set.
axe-core, which checks accessibility, comes from npm: `npm install --no-package-lock --prefix tests/browser`.
"""
