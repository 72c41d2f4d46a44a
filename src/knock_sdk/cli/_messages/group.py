"""`knock-sdk messages`: its commands."""

from __future__ import annotations

from .._groups import new_group
from .listing import list_messages
from .lists import list_activities, list_delivery_logs, list_events
from .marks import mark_messages
from .show import show_message

app = new_group()

app.command("list", epilog="Example: knock-sdk messages list --status undelivered --since 2h --follow")(list_messages)
app.command("show", epilog="Example: knock-sdk messages show 37pcl4eZuRFwanebHmR4m5ITYOM")(show_message)
app.command("events", epilog="Example: knock-sdk messages events 37pcl4eZuRFwanebHmR4m5ITYOM")(list_events)
app.command("delivery-logs", epilog="Example: knock-sdk messages delivery-logs MESSAGE --json | jq .response")(
    list_delivery_logs
)
app.command("activities", epilog="Example: knock-sdk messages activities 37pcl4eZuRFwanebHmR4m5ITYOM")(list_activities)
app.command(
    "mark", epilog="Example: knock-sdk messages list -r ana --json | jq -r .id | knock-sdk messages mark read -"
)(mark_messages)
