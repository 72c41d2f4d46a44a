"""A trial of generated code, before it is written anywhere."""

from __future__ import annotations

import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ._workflow import Workflow

if TYPE_CHECKING:
    from typing_extensions import Self

_NAME = "_knock_sdk_workflows_trial"


class Trial:
    """Runs the parts of a generated module, in a module of their own that does not stay."""

    def __enter__(self) -> Self:
        self._module = ModuleType(_NAME)
        sys.modules[_NAME] = self._module  # Pydantic looks names up there
        return self

    def __exit__(self, *_error: object) -> None:
        sys.modules.pop(_NAME, None)

    def run(self, *parts: str) -> None:
        """Run code, and use all models and workflows that it defines.

        Anything may be raised: a name is not defined, Pydantic refuses a pattern, or the models are nested too deeply.
        """
        names: dict[str, Any] = vars(self._module)
        before = set(names)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            code = "\n\n".join(["from __future__ import annotations", *parts])
            # What runs was written by the generator, and imports nothing but types.
            exec(compile(code, "<generated>", "exec", dont_inherit=True), names)  # noqa: S102
            for name in [name for name in names if name not in before]:
                value = names[name]
                if isinstance(value, Workflow):
                    value.json_schema()
                elif isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == _NAME:
                    value.model_rebuild()
