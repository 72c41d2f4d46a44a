"""Examples of `client.tenants`."""

from knock_sdk import AsyncKnock


async def tenants_list(client: AsyncKnock) -> None:
    async for tenant in client.tenants.list(name="InGen"):
        print(tenant.id, tenant.name)


async def tenants_get(client: AsyncKnock) -> None:
    tenant = await client.tenants.get("ingen", resolve_full_preference_settings=True)
    print(tenant.name, tenant.settings)


async def tenants_set(client: AsyncKnock) -> None:
    tenant = await client.tenants.set(
        "ingen",
        name="InGen",
        settings={
            "branding": {"primary_color": "#0b6e4f", "logo_url": "https://ingen.example/logo.png"},
            "preference_set": {"channel_types": {"sms": False}},
        },
        properties={"region": "costa-rica"},
    )
    print(tenant.settings)


async def tenants_delete(client: AsyncKnock) -> None:
    await client.tenants.delete("ingen")


async def tenants_bulk_set(client: AsyncKnock) -> None:
    operation = await client.tenants.bulk.set(tenants=[{"id": "ingen", "name": "InGen"}, {"id": "biosyn"}])
    print(operation.id, operation.status)


async def tenants_bulk_delete(client: AsyncKnock) -> None:
    operation = await client.tenants.bulk.delete(tenant_ids=["ingen"])
    print(operation.status)
