"""How an account is protected beside its password: what the tenant wants, and what is set up."""

from dataclasses import dataclass

from accountsite.logto import mfa, parallel, tenant, users
from accountsite.logto.account_center import Access, Control
from accountsite.logto.mfa import Bound
from accountsite.logto.sign_in_experience import Factor
from accountsite.logto.tenant import Tenant
from accountsite.signin import guards

MADE = (Factor.TOTP, Factor.WEBAUTHN)
"""What is set up by itself. Backup codes only stand in for one of these, and codes by mail or text
message need nothing but an address."""

FEW_CODES = 3  # backup codes left: time for new ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A person, their factors, what they chose, and the tenant's policy."""

    user: users.User
    tenant: Tenant
    bound: tuple[Bound, ...]
    settings: mfa.Settings

    @property
    def access(self) -> Access:
        """What the tenant lets people do with their factors."""
        return self.tenant.access(Control.MFA)

    @property
    def is_mandatory(self) -> bool:
        """Whether everybody here must have a factor."""
        return self.tenant.sign_in_experience.mfa.is_mandatory

    @property
    def authenticator(self) -> Bound | None:
        """The authenticator app. Logto keeps one."""
        return next(iter(self.of(Factor.TOTP)), None)

    @property
    def backup_codes(self) -> Bound | None:
        """The set of backup codes."""
        return next(iter(self.of(Factor.BACKUP_CODE)), None)

    @property
    def codes_left(self) -> int:
        """How many backup codes are unused."""
        return (self.backup_codes.remaining_codes or 0) if self.backup_codes else 0

    def of(self, factor: Factor) -> tuple[Bound, ...]:
        """What is set up of this kind."""
        return tuple(bound for bound in self.bound if bound.factor is factor)

    def find(self, factor_id: str) -> Bound | None:
        """What is set up under this id."""
        return next((bound for bound in self.bound if bound.id == factor_id), None)

    def offers(self, factor: Factor) -> bool:
        """Whether the tenant asks for factors of this kind."""
        return factor in self.tenant.sign_in_experience.mfa.factors

    def address(self, factor: Factor) -> str | None:
        """Where the codes of this factor go: an email address, or a number as Logto keeps it."""
        addresses = {
            Factor.EMAIL_CODE: self.user.primary_email,
            Factor.PHONE_CODE: self.user.primary_phone,
        }
        return addresses.get(factor)

    def made(self, *, without: str = "") -> tuple[Bound, ...]:
        """What was set up by itself, but for the one of this id: what backup codes can stand in for."""
        return tuple(bound for bound in self.bound if bound.factor in MADE and bound.id != without)

    def asked(self, *, without: str = "") -> tuple[Factor, ...]:
        """The kinds of factors that the tenant can ask this person for, but for the one of this id."""
        made = {bound.factor for bound in self.made(without=without)}
        return tuple(
            factor
            for factor in Factor
            if self.offers(factor) and (factor in made or self.address(factor))
        )

    @property
    def is_on(self) -> bool:
        """Whether a second step is asked for at sign-in.

        Codes by mail or text message are asked for once the person has turned it on, as they need
        nothing to be set up.
        """
        if self.is_mandatory:
            return bool(self.asked())
        if self.settings.skips_at_sign_in or self.settings.is_enabled is False:
            return False
        is_set_up = any(factor in MADE for factor in self.asked())
        return is_set_up or bool(self.settings.is_enabled and self.asked())

    @property
    def has_switch(self) -> bool:
        """Whether the person decides: the tenant leaves it to them, and there is something to ask for."""
        return not self.is_mandatory and bool(self.asked())


def read(account_id: str) -> Protection:
    """All of it, in one round trip. Raises AccountEnded and Unavailable."""
    user, known, bound, settings = parallel.gather(
        lambda: guards.person(account_id),
        tenant.current,
        lambda: mfa.of_user(account_id),
        lambda: mfa.settings(account_id),
    )
    return Protection(user=user, tenant=known, bound=bound, settings=settings)
