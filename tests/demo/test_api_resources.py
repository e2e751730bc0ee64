"""/api/resources, and what a default one does to people's tokens."""

import pytest

pytestmark = pytest.mark.demo


def test_it_knows_logtos_own_api(fresh_tenant):
    [resource] = fresh_tenant.management("GET", "/resources").json()

    assert resource["indicator"] == "https://default.logto.app/api"
    assert resource["isDefault"] is False
    assert fresh_tenant.management("GET", "/resources", params={"page": 2}).json() == []


def test_one_can_be_the_default(fresh_tenant):
    [resource] = fresh_tenant.management("GET", "/resources").json()
    path = f"/resources/{resource['id']}/is-default"

    assert fresh_tenant.management("PATCH", path, json={"isDefault": True}).json()["isDefault"]
    assert fresh_tenant.management("GET", "/resources").json()[0]["isDefault"] is True
    assert fresh_tenant.management("PATCH", path, json={}).status_code == 400
    unknown = fresh_tenant.management("PATCH", "/resources/x/is-default", json={"isDefault": True})
    assert unknown.status_code == 404
