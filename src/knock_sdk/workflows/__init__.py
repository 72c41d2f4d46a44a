"""Typed workflows: the key of a workflow together with the type of its data.

```python
from pydantic import BaseModel

from knock_sdk import Knock, Workflow


class CommentCreated(BaseModel):
    comment: str
    author: str


COMMENT_CREATED = Workflow("comment-created", data=CommentCreated)

Knock().workflows.trigger(
    COMMENT_CREATED, recipients=["jhammond"], data=CommentCreated(comment="Done.", author="Ian")
)
```

`python -m knock_sdk.workflows` writes such a module from the folders that Knock's CLI pulls; `WorkflowData` and
`Omittable` are for those modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._workflow import Workflow

if TYPE_CHECKING:
    from ._models import Omittable as Omittable
    from ._models import WorkflowData as WorkflowData

__all__ = ["Omittable", "Workflow", "WorkflowData"]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name in __all__:
            from . import _models

            return getattr(_models, name)
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from ..errors._hints import missing_name

        raise missing_name(__name__, name)
