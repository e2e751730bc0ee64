"""The nouns against the demo tenant, over a real socket: what one call writes another reads."""

import uuid

import pytest

from accountsite.logto import (
    account_center,
    applications,
    connectors,
    dashboard,
    errors,
    grants,
    hooks,
    identities,
    logs,
    mfa,
    organizations,
    parallel,
    passwords,
    roles,
    sessions,
    status,
    tenant,
    tokens,
    users,
    verification_codes,
)
from accountsite.logto.sign_in_experience import Factor

pytestmark = pytest.mark.demo


@pytest.fixture(autouse=True)
def at_the_tenant(demo_tenant, settings):
    demo_tenant.reset()
    settings.LOGTO_ENDPOINT = demo_tenant.endpoint
    settings.LOGTO_M2M_APP_ID = demo_tenant.m2m_client_id
    settings.LOGTO_M2M_APP_SECRET = demo_tenant.m2m_client_secret


@pytest.fixture
def person():
    """Somebody new."""
    name = f"ada_{uuid.uuid4().hex[:8]}"
    return users.create(username=name, primary_email=f"{name}@example.com", password="first-Pass1")


def test_an_account_lives_and_dies(person):
    assert users.update(person.id, name="Ada", primary_phone="15550109999").name == "Ada"
    assert users.update(person.id, primary_phone=None).primary_phone is None
    assert users.update_profile(person.id, {"givenName": "Ada"}).given_name == "Ada"
    assert users.update_profile(person.id, {"givenName": ""}).given_name is None
    assert users.update_custom_data(person.id, {"a": 1, "b": 2}) == {"a": 1, "b": 2}
    assert users.replace_custom_data(person.id, {"b": 2}).custom_data == {"b": 2}
    assert users.suspend(person.id).is_suspended
    assert not users.lift_suspension(person.id).is_suspended

    users.delete(person.id)

    with pytest.raises(errors.NotFound):
        users.get(person.id)


def test_people_are_found_by_what_they_are_called(person):
    exact = users.search(str(person.username), by=users.Field.USERNAME, mode=users.Mode.EXACT)
    part = users.search(str(person.username)[:-1])
    wild = users.search("%da_", by=users.Field.USERNAME)

    assert [found.id for found in exact.items] == [person.id]
    assert person.id in {found.id for found in part.items}
    assert wild.items == ()
    assert users.with_any(users.Field.ID, [person.id])[0] == person


def test_a_thousand_people_come_in_pages():
    page = users.search(page=2, page_size=100)

    assert len(page.items) == 100
    assert (page.total or 0) > 1000
    assert page.has_next


def test_collisions_are_told_apart(person):
    with pytest.raises(errors.UsernameTaken):
        users.create(username=person.username)
    with pytest.raises(errors.EmailTaken):
        users.create(primary_email=str(person.primary_email).upper())
    with pytest.raises(errors.ValueTooLong):
        users.update(person.id, name="x" * 129)


def test_a_password_is_checked_and_changed(person):
    with pytest.raises(errors.WrongPassword):
        passwords.verify(person.id, "wrong")
    passwords.change(person.id, "second-Pass1")

    passwords.verify(person.id, "second-Pass1")

    assert passwords.is_set(person.id)
    assert not passwords.check("a", account_id=person.id).is_accepted
    assert passwords.check("Xq7!vRt2#mZ", account_id=person.id).is_accepted


def test_a_code_proves_an_address(demo_tenant):
    address = "somebody@example.org"
    with pytest.raises(errors.CodeNotFound):
        verification_codes.verify_email(address, "000000")
    verification_codes.send_email(address)
    code = demo_tenant.newest_code(address)
    with pytest.raises(errors.CodeMismatch):
        verification_codes.verify_email(address, "x")

    verification_codes.verify_email(address, code)


def test_factors_are_bound_and_removed(person):
    with pytest.raises(errors.BackupCodesAlone):
        mfa.add_backup_codes(person.id)
    mfa.add_totp(person.id, secret="JBSWY3DPEHPK3PXP")
    with pytest.raises(errors.TotpAlreadyBound):
        mfa.add_totp(person.id, secret="JBSWY3DPEHPK3PXP")

    codes = mfa.add_backup_codes(person.id)

    bound = {factor.factor: factor for factor in mfa.of_user(person.id)}
    assert bound[Factor.BACKUP_CODE].remaining_codes == len(codes) == mfa.BACKUP_CODE_COUNT
    for factor in bound.values():
        mfa.delete(person.id, factor_id=factor.id)
    assert mfa.of_user(person.id) == ()
    assert mfa.update_settings(person.id, skips_at_sign_in=True).skips_at_sign_in


def test_tokens_are_made_renamed_and_ended(person):
    created = tokens.create(person.id, name="ci/1 é")
    with pytest.raises(errors.PersonalAccessTokenNameTaken):
        tokens.create(person.id, name="ci/1 é")

    tokens.rename(person.id, name="ci/1 é", new_name="ci/2")

    assert created.value
    assert [token.name for token in tokens.of_user(person.id)] == ["ci/2"]
    tokens.delete(person.id, name="ci/2")
    with pytest.raises(errors.NotFound):
        tokens.delete(person.id, name="ci/2")


def test_identities_are_bound_and_unbound(person):
    identities.put(person.id, target="github", subject=f"gh-{person.id}", details={"name": "A"})
    other = users.create(username=f"{person.username}_2")
    with pytest.raises(errors.IdentityInUse):
        identities.put(other.id, target="github", subject=f"gh-{person.id}")

    found = identities.of_user(person.id)

    assert [linked.identity.label for linked in found.social] == ["A"]
    identities.delete(person.id, target="github")
    with pytest.raises(errors.IdentityNotFound):
        identities.get(person.id, target="github")


def test_a_provider_is_reached_through_its_connector(person):
    usable = {connector.target: connector for connector in connectors.social()}
    uri = connectors.authorization_uri(
        usable["github"].id, state="s", redirect_uri="http://localhost:8000/callback/"
    )

    assert "state=s" in uri
    assert usable["apple"].keeps_session_state
    with pytest.raises(errors.ConnectorUnsuitable):
        connectors.authorization_uri(usable["apple"].id, state="s", redirect_uri="http://a/")
    with pytest.raises(errors.Rejected):
        identities.link(person.id, connector_id=usable["github"].id, data={"error": "denied"})


def test_roles_are_given_and_taken(person):
    role = roles.every()[0]
    roles.assign(person.id, role_ids=[role.id])

    assert [held.id for held in roles.of_user(person.id)] == [role.id]
    roles.remove(person.id, role_id=role.id)
    assert roles.of_user(person.id) == ()


def test_sessions_and_grants_of_nobody_are_none(person):
    assert sessions.of_user(person.id) == grants.of_user(person.id) == ()
    with pytest.raises(errors.SessionNotFound):
        sessions.end(person.id, session_id="nosuch")
    with pytest.raises(errors.GrantNotFound):
        grants.revoke(person.id, grant_id="nosuch")
    with pytest.raises(errors.NotOffered):
        sessions.trusted_devices(person.id)


def test_members_leave_organizations(person):
    organization = organizations.search().items[0]
    organizations.add(organization.id, account_ids=[person.id])
    assert [held.id for held in organizations.of_user(person.id)] == [organization.id]

    organizations.remove(organization.id, account_id=person.id)

    assert organizations.of_user(person.id) == ()


def test_everything_about_the_tenant_is_read_at_once():
    known, found, figures, total, up = parallel.gather(
        tenant.current, applications.every, dashboard.new_users, dashboard.total_users, status.is_up
    )

    assert account_center.Access.EDIT in {known.access(each) for each in account_center.Control}
    assert {each.type for each in known.profile_fields}
    assert found
    assert figures.today.count >= 0
    assert total > 1000
    assert up


def test_what_an_admin_looks_at_is_read():
    entries = logs.search(page_size=5)
    listening = hooks.every()

    assert all(entry.created_at for entry in entries.items)
    assert all(hook.url for hook in listening)
    assert organizations.roles()
