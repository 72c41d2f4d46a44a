# Derived from src/knock_sdk/_async/resources/tenants_bulk.py by `python -m codegen`; do not edit.
"""Bulk changes of tenants, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items


class TenantsBulk(Resource):
    """Bulk changes of tenants, in the background."""

    def set(
        self,
        *,
        tenants: Items[p.InlineTenantRequest],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Create or update tenants in bulk.

        `POST /v1/tenants/bulk/set`. Queues the creation or update of up to 1,000 tenants; properties merge deeply
        into what is stored. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            tenants: Tenants, as ids or with properties to merge in, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.BULK_SET_TENANTS, t.BulkOperation, body={"tenants": tenants}, options=options)
        )

    def delete(
        self,
        *,
        tenant_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Delete tenants in bulk.

        `POST /v1/tenants/bulk/delete`. Queues the permanent deletion of up to 1,000 tenants; the ids go in the
        query and there is no body. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a
        second.

        Args:
            tenant_ids: The tenants to delete, by id, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.BULK_DELETE_TENANTS, t.BulkOperation, query={"tenant_ids": tenant_ids}, options=options)
        )
