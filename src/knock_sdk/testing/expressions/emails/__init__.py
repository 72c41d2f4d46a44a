"""Emails: visual blocks, MJML, branding, layouts, attachments and the text version."""
