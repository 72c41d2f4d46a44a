# Derived from src/knock_sdk/_async/resources/tenants.py by `python -m codegen`; do not edit.
"""Tenants: the customers whose branding and preferences apply."""

from __future__ import annotations

from functools import cached_property
from types import NoneType
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.sentinel import NOT_GIVEN
from .._paginate import paginate
from ._base import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import JSONModel
    from ..pages import Page
    from .tenants_bulk import TenantsBulk


class Tenants(Resource):
    """Tenants: the customers whose branding and preferences apply."""

    @cached_property
    def bulk(self) -> TenantsBulk:
        """Bulk changes of tenants, in the background."""
        from .tenants_bulk import TenantsBulk

        return TenantsBulk(self._transport)

    def list(
        self,
        *,
        tenant_id: str | None = None,
        name: str | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> Page[t.Tenant]:
        """List tenants.

        `GET /v1/tenants`. Returns the tenants of the key's environment, a page at a time.

        Args:
            tenant_id: Only the tenant with this id.
            name: Only tenants with this name.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_TENANTS,
                t.ListTenantsResponse,
                query={"tenant_id": tenant_id, "name": name, "after": after, "before": before, "page_size": page_size},
                options=options,
            ),
        )

    def get(
        self,
        id: str,
        *,
        resolve_full_preference_settings: bool | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.Tenant:
        """Get a tenant.

        `GET /v1/tenants/{id}`. Returns one tenant with its branding, its default preferences and, at the top level,
        its custom properties.

        Args:
            id: Your id of the tenant.
            resolve_full_preference_settings: If true, `settings.preference_set` is returned merged with the
                environment's default preferences; false if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The tenant.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.GET_TENANT,
                t.Tenant,
                path=(id,),
                query={"resolve_full_preference_settings": resolve_full_preference_settings},
                options=options,
            )
        )

    def set(
        self,
        id: str,
        *,
        resolve_full_preference_settings: bool | None = None,
        channel_data: p.InlineChannelDataRequest | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        settings: p.SetTenantSettings | JSONModel | NotGiven = NOT_GIVEN,
        properties: Mapping[str, object] | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.Tenant:
        """Create or update a tenant.

        `PUT /v1/tenants/{id}`. Creates the tenant or merges the properties deeply into the stored ones; a property
        can be set to null but never removed. The preference set under `settings` merges by default too, and null
        clears it.

        Args:
            id: Your id of the tenant.
            resolve_full_preference_settings: If true, `settings.preference_set` is returned merged with the
                environment's default preferences; false if absent.
            channel_data: Channel data to store with the tenant, by channel id.
            name: Name of the tenant, as templates show it.
            settings: Branding and default preferences of the tenant.
            properties: Custom properties, stored beside the named ones; nested objects are merged into what is
                there, and nothing is removed.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The tenant after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.SET_TENANT,
                t.Tenant,
                path=(id,),
                query={"resolve_full_preference_settings": resolve_full_preference_settings},
                body={"channel_data": channel_data, "name": name, "settings": settings},
                properties=properties,
                options=options,
            )
        )

    def delete(
        self,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Delete a tenant.

        `DELETE /v1/tenants/{id}`. Permanently deletes a tenant and all its data. Nothing is returned; limited to 5
        calls a second.

        Args:
            id: Your id of the tenant.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        self._transport.send(Request(op.DELETE_TENANT, NoneType, path=(id,), options=options))
