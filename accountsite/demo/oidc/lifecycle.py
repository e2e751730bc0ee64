"""What ends when a person is suspended or deleted. Call it under `state.tenant.lock`."""

from accountsite.demo.oidc import store


def end_user(user_id: str) -> None:
    """End every session and token of a person.

    Their grants stay listed, and no back-channel logout is sent: measured on Logto 1.42.
    """
    for session in store.sessions_of(user_id):
        del store.sessions[session.id]
    for value in [v for v, proof in store.proofs.items() if proof.user_id == user_id]:
        del store.proofs[value]


def forget_user(user_id: str) -> None:
    """End everything of a person who is gone, their grants too."""
    end_user(user_id)
    for grant_id in [g for g, grant in store.grants.items() if grant.user_id == user_id]:
        del store.grants[grant_id]
