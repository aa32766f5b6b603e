"""Staff come from the utility's own identity provider, over OpenID Connect, to logins that they had already."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from lamplighter.config.signon import SignOn, sign_on
from lamplighter.platform.models import Event, RoleGrant, User
from tests.web.conftest import make_person

from .provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/utility/login/"


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.close()


@pytest.fixture
def provider(running, settings):
    cache.clear()
    running.person, running.audience = {"sub": "7f3c", "preferred_username": "dana"}, CLIENT
    use(settings, running, "preferred_username")
    return running


@pytest.fixture
def dana():
    return make_person("dana", "Dana Reyes", "csr")


def use(settings, provider, claim):
    settings.SIGN_ON = SignOn(provider.issuer, CLIENT, SECRET, "Marisol Bay", claim)
    settings.SOCIALACCOUNT_PROVIDERS = settings.SIGN_ON.provider


def come_back(client):
    """Go to the provider as a browser would, and return with what it says."""
    sent = client.post(START)
    assert sent.status_code == 302
    to = urlsplit(sent["Location"])
    with closing(HTTPConnection(to.netloc, timeout=10)) as browser:
        browser.request("GET", f"{to.path}?{to.query}")
        back = urlsplit(browser.getresponse().headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_the_sign_in_page_offers_it_where_one_is_configured(provider):
    page = Client().get("/accounts/login/").content.decode()
    assert "Sign in with Marisol Bay" in page
    assert f'action="{START}' in page


def test_without_one_the_page_says_nothing_of_it():
    assert "oidc" not in Client().get("/accounts/login/").content.decode()
    assert Client().post(START).status_code == 404


def test_somebody_who_has_a_login_comes_in_as_themselves(provider, dana):
    client = Client()
    arrived = come_back(client)
    assert (arrived.status_code, arrived["Location"]) == (302, "/")
    assert signed_in_as(client) == str(dana.pk)
    account = SocialAccount.objects.get()
    assert (account.uid, account.user, account.extra_data) == ("7f3c", dana, {}), "no data of the person is kept"
    assert Event.objects.get(name="platform.user.linked").subject == "user:dana"


def test_the_second_time_the_subject_counts_and_not_the_name(provider, dana):
    come_back(Client())
    provider.person = {"sub": "7f3c", "preferred_username": "dana.reyes-ruiz", "email": "dana@example.net"}
    client = Client()
    come_back(client)
    assert signed_in_as(client) == str(dana.pk)
    assert SocialAccount.objects.get().extra_data == {}
    assert Event.objects.filter(name="platform.user.linked").count() == 1


def refused(client):
    answer = come_back(client)
    assert answer.status_code == 403
    assert "has no login for you here" in answer.content.decode()
    assert signed_in_as(client) is None


def test_nobody_is_created_and_nobody_gets_a_role(provider):
    provider.person = {"sub": "9", "preferred_username": "newcomer", "groups": ["administrator"]}
    refused(Client())
    assert not User.objects.exists()
    assert not RoleGrant.objects.exists()
    assert not SocialAccount.objects.exists()


def test_a_name_that_went_to_somebody_else_opens_nothing(provider, dana):
    come_back(Client())
    provider.person = {"sub": "another", "preferred_username": "dana"}
    refused(Client())


def test_a_closed_login_stays_closed(provider, dana):
    come_back(Client())
    User.objects.update(is_active=False)
    client = Client()
    assert come_back(client)["Location"].endswith("/accounts/inactive/")
    assert signed_in_as(client) is None


def test_customers_do_not_come_in_by_the_door_of_staff(provider):
    make_person("dana", "Dana Reyes", kind="customer")
    refused(Client())


@pytest.mark.parametrize(("verified", "comes"), [(True, True), (False, False), ("true", False)])
def test_an_email_counts_when_the_provider_verified_it(provider, settings, dana, verified, comes):
    use(settings, provider, "email")
    User.objects.update(email="dana@example.net")
    provider.person = {"sub": "1", "email": "Dana@example.net", "email_verified": verified}
    client = Client()
    if comes:
        come_back(client)
        assert signed_in_as(client) == str(dana.pk)
    else:
        refused(client)


def test_an_email_of_two_logins_opens_neither(provider, settings, dana):
    use(settings, provider, "email")
    make_person("dana2", "Dana Reyes", "supervisor")
    User.objects.update(email="dana@example.net")
    provider.person = {"sub": "1", "email": "dana@example.net", "email_verified": True}
    refused(Client())


def test_a_token_for_another_program_is_refused(provider, dana):
    provider.audience = "payroll"
    client = Client()
    assert come_back(client).status_code in {200, 401, 403}
    assert signed_in_as(client) is None


def test_an_answer_that_nobody_asked_for_is_refused(provider, dana):
    client = Client()
    client.get(f"{START}callback/?code=stolen&state=guessed")
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ISSUER": "https://id.example.net"}, "CLIENT_ID and"),
        ({"ISSUER": "http://id.example.net", "CLIENT_ID": "x", "SECRET": "y"}, "must be an https address"),
        ({"ISSUER": "https://id.example.net", "CLIENT_ID": "x", "SECRET": "y", "CLAIM": "groups"}, "it can be"),
    ],
)
def test_half_a_configuration_is_refused_at_the_start(environment, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        sign_on({f"LAMPLIGHTER_OIDC_{name}": value for name, value in environment.items()})


def test_the_environment_says_which():
    assert sign_on({}) is None
    found = sign_on({
        "LAMPLIGHTER_OIDC_ISSUER": "https://id.example.net/tenant/v2.0/", "LAMPLIGHTER_OIDC_CLIENT_ID": "x",
        "LAMPLIGHTER_OIDC_SECRET": "y", "LAMPLIGHTER_OIDC_NAME": "City Hall",
    })  # fmt: skip
    assert (found.origin, found.name, found.claim) == ("https://id.example.net", "City Hall", "preferred_username")
    app = found.provider["openid_connect"]["APPS"][0]
    assert app["settings"]["server_url"] == "https://id.example.net/tenant/v2.0"
