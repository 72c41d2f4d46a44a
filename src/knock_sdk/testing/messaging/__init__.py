"""Messages and in-app content: delivery, engagement, feeds, guides."""
