"""The export of one list: from page to page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..._async.client import AsyncKnock
from ..._async.pages import AsyncPage
from ..._core.responses.raw_page import RawItem
from ...errors import BadRequestError, PaginationError, UnprocessableEntityError
from .._errors import ExportStateError
from .._output import Output
from .._plan import check_client, hide, make_plan
from .._report import Meter
from .threads import in_thread

if TYPE_CHECKING:
    from ..._async.transport import AsyncTransport
    from ..._core.requests.request import PageRequest
    from .._plan import Kind, Plan, Settings
    from .._report import ExportReport


async def export_list(
    client: AsyncKnock, kind: Kind, request: PageRequest[RawItem], settings: Settings
) -> ExportReport:
    """Export a list; see the functions of `lists`."""
    hide(request.options)
    check_client(client, AsyncKnock)
    transport = client._transport  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # of the same package
    plan = make_plan(kind, request, settings, transport.config, transport.lifetimes.present)
    meter = Meter(settings.on_progress)
    output = Output(plan)
    try:
        await in_thread(output.open)
        meter.start_from(output.items)
        if output.is_listing:
            await _copy_pages(transport, plan, output, meter)
        while await in_thread(output.complete):
            meter.count(0)
        meter.tell()
        await in_thread(output.publish)
    finally:
        await in_thread(output.close)
    return meter.report(plan.files.given)


async def _copy_pages(transport: AsyncTransport, plan: Plan, output: Output, meter: Meter) -> None:
    page = await _first_page(transport, plan, output.cursor)
    # Brent's algorithm finds a cycle of cursors in constant memory: it compares each with one of those before, which
    # is replaced after 1, 2, 4, 8 … pages.
    known, pages, limit = output.cursor, 0, 1
    while True:
        cursor = page.next_cursor
        if cursor is not None and cursor == known:
            raise PaginationError("the server repeats a cursor, so the export would never end", cursor)
        await in_thread(partial(output.add, page.items, cursor))
        meter.count(len(page.items))
        if cursor is None:
            return
        pages += 1
        if pages == limit:
            known, pages, limit = cursor, 0, 2 * limit
        page = await page.get_next_page()


async def _first_page(transport: AsyncTransport, plan: Plan, cursor: str | None) -> AsyncPage[RawItem]:
    if cursor is None:
        return await AsyncPage[RawItem].fetch(transport, plan.request)
    try:
        return await AsyncPage[RawItem].fetch(transport, plan.request.at({"after": cursor}))
    except (BadRequestError, UnprocessableEntityError) as error:
        raise ExportStateError(
            f"has a cursor that the API no longer accepts ({error}); start over with resume=False",
            str(plan.files.state),
        ) from error
