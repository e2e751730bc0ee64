"""By which API a connector is linked."""

import pytest

from accountsite.logto.connectors import Connector
from tests.logto import answers


def made(**changes):
    return Connector.from_json(answers.connector(**changes))


@pytest.mark.parametrize(
    ("factory", "keeps_tokens", "needs", "gains"),
    [
        ("github-universal", False, False, False),
        ("github-universal", True, False, True),
        ("apple-universal", False, True, True),
        ("own-invention", False, False, True),
    ],
)
def test_what_the_account_api_is_for(factory, keeps_tokens, needs, gains):
    connector = made(connectorId=factory, enableTokenStorage=keeps_tokens)

    assert connector.keeps_session_state is needs
    assert connector.gains_by_account_api is gains
