"""A tenant whose certificate comes from an authority that nobody knows but its operator."""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accountsite import environment
from accountsite.logto import errors, transport
from accountsite.signin import oidc


def certificate(name, key, *, by=None):
    """A certificate, of its own authority or `by` another, its name and key."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = by or (subject, key)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=by is None,
                crl_sign=by is None,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    return builder.sign(signing, hashes.SHA256())


def pem(made):
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Where the certificates are: of the authority, and of the tenant with its key."""
    folder = tmp_path_factory.mktemp("certificates")
    own, tenants = (ec.generate_private_key(ec.SECP256R1()) for _key in range(2))
    root = certificate("An authority of one's own", own)
    (folder / "ca.pem").write_bytes(pem(root))
    key = tenants.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    leaf = certificate("localhost", tenants, by=(root.subject, own))
    (folder / "tenant.pem").write_bytes(pem(leaf) + key)
    return folder


@pytest.fixture
def tenant(authority, settings, wire):
    """A tenant that answers with https, for as long as a test runs."""

    class Answer(BaseHTTPRequestHandler):
        timeout = 2

        def do_GET(self):
            body = json.dumps({"issuer": f"{settings.LOGTO_ENDPOINT}/oidc"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    class Server(ThreadingHTTPServer):
        block_on_close = False

        def handle_error(self, *_words):
            pass  # clients that don't trust it hang up

    server = Server(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "tenant.pem")
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.LOGTO_ENDPOINT = f"https://localhost:{server.server_port}"
    wire.add_passthru(settings.LOGTO_ENDPOINT)
    begin_anew()
    yield server
    transport._adapter().close()
    begin_anew()
    server.shutdown()
    thread.join()
    server.server_close()


def begin_anew():
    """As in a process that has just started."""
    transport._adapter.cache_clear()
    oidc._client.cache_clear()


def test_an_authority_that_nobody_knows_vouches_for_nobody(tenant):
    with pytest.raises(errors.Unavailable, match="SSLError"):
        transport.send("GET", "/api/status")
    with pytest.raises(errors.Unavailable):
        oidc.decode("a.b.c")


def test_the_operators_bundle_makes_it_known_to_calls_and_to_the_sign_in(
    tenant, authority, settings
):
    settings.CA_BUNDLE = str(authority / "ca.pem")
    begin_anew()

    assert transport.send("GET", "/api/status").status == 200
    assert oidc._client().load_server_metadata()["issuer"] == oidc.issuer()


def test_variables_that_are_meant_for_other_programs_make_it_known_to_neither(
    tenant, authority, monkeypatch
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority / "ca.pem"))
    begin_anew()

    with pytest.raises(errors.Unavailable):
        transport.send("GET", "/api/status")
    with pytest.raises(errors.Unavailable):
        oidc.decode("a.b.c")


def test_a_bundle_is_a_file_with_certificates_of_authorities(authority, tmp_path):
    (tmp_path / "empty").write_text("")
    (tmp_path / "words").write_text("no certificate")

    assert environment.is_ca_bundle(str(authority / "ca.pem"))
    for name in (tmp_path / "empty", tmp_path / "words", tmp_path / "none", tmp_path):
        assert not environment.is_ca_bundle(str(name))
