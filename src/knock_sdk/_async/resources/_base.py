"""The base class of all resources, and annotations that load the names in them when they are read."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any, SupportsIndex

from typing_extensions import override

from ..transport import AsyncTransport  # noqa: TC001 - its annotations can be evaluated too

if TYPE_CHECKING:
    import os
    from _collections_abc import dict_items, dict_keys, dict_values
    from collections.abc import Callable, Iterator

    from ..._core.requests.options import RequestOptions
    from ..._core.requests.request import Request
    from ...bulk import BulkProgress, BulkReport


def key_of(workflow: object) -> object:
    """Return the key of a workflow, and load what knows of typed ones only if it is one."""
    if isinstance(workflow, str) or workflow is None:
        return workflow
    from ...workflows._workflow import key_of as key_of_typed

    return key_of_typed(workflow)


class AsyncResource:
    """A group of operations; it refers to the transport, not to the client."""

    def __init_subclass__(cls) -> None:
        """Allow the evaluation of the methods' annotations, although calls do not load the names in them."""
        for value in vars(cls).values():
            function = value.func if isinstance(value, cached_property) else value
            if isinstance(function, FunctionType):
                function.__annotations__ = _Annotations(function)

    def __init__(self, transport: AsyncTransport) -> None:
        """Store the transport."""
        self._transport = transport

    async def _run_job(  # noqa: PLR0917 (the methods that call it pass what they get)
        self,
        name: str,
        argument: str,
        items: object,
        request: Callable[[list[Any]], Request[Any]],
        journal: str | os.PathLike[str] | None,
        on_progress: Callable[[BulkProgress], object] | None,
        concurrency: int | None,
        wait: bool,
        options: RequestOptions,
        *,
        single: bool = False,
    ) -> BulkReport:
        """Run a bulk job to its end; load what it takes, which few programs need.

        Args:
            name: the method.
            argument: the argument with the items.
            items: what yields them.
            request: makes the request for some items, also for none.
            journal: path of the journal, None for none.
            on_progress: is told the progress.
            concurrency: number of requests at the same time.
            wait: whether to wait for bulk operations.
            options: options of each request.
            single: whether each item is a request of its own.
        """
        from ..bulk.job import run_job

        return await run_job(
            self._transport,
            name,
            argument,
            items,
            request,
            journal,
            on_progress,
            concurrency,
            wait,
            options,
            single=single,
        )

    if not TYPE_CHECKING:  # type checkers would otherwise accept any name

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError, with advice for names of other clients."""
            from ...errors._hints import missing_member

            raise missing_member(self, name)


class _Annotations(dict[str, Any]):
    """The annotations of a method, as text; reading them adds the names that they use to its module.

    Both `typing.get_type_hints` and `inspect.signature` look names up there, once they have read the text.
    """

    __slots__ = ("_module",)

    def __init__(self, function: FunctionType) -> None:
        super().__init__(function.__annotations__)
        self._module = function.__globals__

    def _load_names(self) -> None:
        annotations = import_module("..annotations", __package__)
        for name in annotations.__all__:
            self._module.setdefault(name, getattr(annotations, name))

    @override
    def __getitem__(self, name: str) -> Any:
        self._load_names()
        return super().__getitem__(name)

    @override
    def __iter__(self) -> Iterator[str]:
        self._load_names()
        return super().__iter__()

    @override
    def keys(self) -> dict_keys[str, Any]:
        self._load_names()
        return super().keys()

    @override
    def items(self) -> dict_items[str, Any]:
        self._load_names()
        return super().items()

    @override
    def values(self) -> dict_values[str, Any]:
        self._load_names()
        return super().values()

    @override
    def __reduce_ex__(self, _protocol: SupportsIndex) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Copy as a plain dict, without the module."""
        return dict, (dict(self),)
