"""`knock-sdk preferences`: its commands."""

from __future__ import annotations

from .._groups import new_group
from .sets import get_preferences, set_preferences, unset_preferences
from .why import explain

app = new_group()

app.command("get", epilog="Example: knock-sdk preferences get jhammond --set ingen")(get_preferences)
app.command(
    "set", epilog="Example: knock-sdk preferences set jhammond --channel-type email=off --workflow weekly-digest=on"
)(set_preferences)
app.command("unset", epilog="Example: knock-sdk preferences unset jhammond --set ingen --yes")(unset_preferences)
app.command("why", epilog="Example: knock-sdk preferences why jhammond weekly-digest --channel-type email")(explain)
