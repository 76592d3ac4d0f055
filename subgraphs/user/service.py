"""Accounts and sessions: register, sign in, refresh, sign out, change a profile, report."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from subgraphs.kit.authorization.withdrawn import withdraw
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.domain.context import Context
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import ErrorCode, RateLimited, Rejected
from subgraphs.kit.identity.viewer import is_loopback
from subgraphs.user.events import AVATAR, emit_profile
from subgraphs.user.models import HANDLE, USER, Credential, RefreshToken, Report, Session, User
from subgraphs.user.passwords import Passwords
from subgraphs.user.relating import RelationService
from subgraphs.user.repository import UserRepository
from subgraphs.user.tokens import REFRESH_LIFETIME, AccessTokens, SessionTokens, hash_token, new_token

__all__ = ["AccountService", "Avatar", "ProfileChanges", "Registration", "Services"]

_HANDLE = re.compile(r"[A-Za-z0-9_]{3,30}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_SHORTEST_PASSWORD, _LONGEST_PASSWORD = 8, 200


@dataclass(frozen=True, slots=True)
class Registration:
    """What a new account is made of."""

    handle: str
    display_name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Avatar:
    """The picture to show; None: none any more."""

    media: UUID | None


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What is None stays as it is."""

    display_name: str | None = None
    bio: str | None = None
    avatar: Avatar | None = None


class AccountService:
    """Everything that writes accounts and sessions."""

    def __init__(
        self, resources: Resources, repository: UserRepository, passwords: Passwords, tokens: AccessTokens
    ) -> None:
        self._resources = resources
        self._repository = repository
        self._passwords = passwords
        self._tokens = tokens

    async def register(self, context: Context[Any, Any], new: Registration) -> tuple[User, SessionTokens]:
        """Make an account and sign in. Raises Rejected, RateLimited."""
        await self._limit(context)
        _check(new)
        taken = await self._repository.taken(new.handle, new.email)
        if taken["handle"]:
            raise Rejected(ErrorCode.HANDLE_UNAVAILABLE, "This handle is taken.", "handle")
        if taken["email"]:
            raise Rejected(ErrorCode.EMAIL_UNAVAILABLE, "This e-mail address cannot be used.", "email")
        password_hash = await self._passwords.hash(new.password)
        user = User(handle=new.handle, email=new.email.strip(), display_name=new.display_name.strip())
        try:
            async with self._resources.database.write() as tx:
                tx.add(user, USER)
                tx.forget(HANDLE, user.handle.lower())
                await tx.session.flush()
                tx.session.add(Credential(user_id=user.id, password_hash=password_hash))
                emit_profile(tx, user)
                return user, await self._begin_session(tx, user)
        except IntegrityError as error:
            field = "email" if "users_email" in str(error.orig) else "handle"
            code = ErrorCode.EMAIL_UNAVAILABLE if field == "email" else ErrorCode.HANDLE_UNAVAILABLE
            raise Rejected(code, f"This {field} was taken just now.", field) from error

    async def login(
        self, context: Context[Any, Any], login: str, password: str
    ) -> tuple[User, SessionTokens]:
        """Sign in by handle or e-mail address; unknown accounts answer as wrong passwords do."""
        limits, limiter = self._resources.settings.limits, self._resources.limiter
        await self._limit(context)
        account = "login:" + hashlib.sha256(login.strip().lower().encode()).hexdigest()[:32]
        await limiter.hit(account, limits.login_failures, limits.login_window)
        found = await self._repository.credential(login)
        known = await self._passwords.verify(password[:_LONGEST_PASSWORD], found[1] if found else None)
        if not known or found is None:
            raise Rejected(ErrorCode.INVALID_CREDENTIALS, "The name or the password is wrong.")
        await limiter.clear(account)
        async with self._resources.database.write() as tx:
            return found[0], await self._begin_session(tx, found[0])

    async def refresh(self, refresh_token: str) -> SessionTokens:
        """A new pair for an unused refresh token. One seen twice ends its whole session (RFC 9700, 4.14)."""
        async with self._resources.database.write() as tx:
            found = await self._repository.token(tx, hash_token(refresh_token))
            if found is not None:
                token, session, user = found
                if session.revoked_at is None and token.expires_at > tx.now:
                    if token.used_at is None:
                        token.used_at = tx.now
                        session.last_seen_at = tx.now
                        return await self._new_pair(tx, user, session)
                    await self._repository.revoke_session(tx, session.id)
                    await tx.audit(user.id, "session.reuse_detected", ("Session", session.id.hex))
        raise Rejected(ErrorCode.INVALID_REFRESH_TOKEN, "Sign in again.", "refreshToken")

    async def begin_session(self, user: UUID) -> SessionTokens:
        """A session without a password: for whoever runs the service. Raises Rejected."""
        async with self._resources.database.write() as tx:
            row = await self._repository.for_update(tx, user)
            if row is None:
                raise Rejected.not_found("account")
            return await self._begin_session(tx, row)

    async def logout(self, context: Context[Any, Any]) -> None:
        """End the caller's session; its refresh token is dead at once, its access token within minutes."""
        context.viewer.require()
        if context.viewer.session is not None:
            async with self._resources.database.write() as tx:
                await self._repository.revoke_session(tx, context.viewer.session)

    async def update_profile(self, viewer: UUID, changes: ProfileChanges) -> User:
        """Change what is given; raises Rejected."""
        async with self._resources.database.write() as tx:
            user = await self._repository.for_update(tx, viewer)
            if user is None:
                raise Rejected.not_found("account")
            if changes.display_name is not None:
                user.display_name = _display_name(changes.display_name)
            if changes.bio is not None:
                if len(changes.bio) > 500:
                    raise Rejected(ErrorCode.INVALID_INPUT, "A bio has at most 500 characters.", "bio")
                user.bio = changes.bio.strip() or None
            if changes.avatar is not None:
                user.avatar_id = changes.avatar.media
            tx.touch(user, USER)
            emit_profile(tx, user, placed=changes.avatar is not None and user.avatar_id is not None)
            if changes.avatar is not None:  # what it was before is shown to nobody by it any more
                withdraw(tx, AVATAR, viewer, version=user.version)
        return user

    async def report(self, viewer: UUID, subject: tuple[str, UUID], reason: str) -> None:
        """Note a report; a second one of the same subject changes nothing."""
        reason = reason.strip()
        if not 1 <= len(reason) <= 2000:
            raise Rejected(ErrorCode.INVALID_INPUT, "A reason has between 1 and 2,000 characters.", "reason")
        if await self._repository.reports(viewer, [subject]):
            return
        try:
            async with self._resources.database.write() as tx:
                row = Report(
                    reporter_id=viewer, subject_type=subject[0], subject_id=subject[1], reason=reason
                )
                tx.session.add(row)
                await tx.audit(viewer, "subject.reported", (subject[0], subject[1].hex))
        except IntegrityError:
            return  # the same report, made twice at once

    async def _begin_session(self, tx: Transaction, user: User) -> SessionTokens:
        session = Session(user_id=user.id, last_seen_at=tx.now)
        tx.session.add(session)
        await tx.session.flush()
        return await self._new_pair(tx, user, session)

    async def _new_pair(self, tx: Transaction, user: User, session: Session) -> SessionTokens:
        access, expires_at = self._tokens.sign(user.id, user.role, session.id, tx.now)
        refresh = new_token()
        tx.session.add(
            RefreshToken(
                token_hash=hash_token(refresh), session_id=session.id, expires_at=tx.now + REFRESH_LIFETIME
            )
        )
        return SessionTokens(access, refresh, expires_at)

    async def _limit(self, context: Context[Any, Any]) -> None:
        """By document, and by the address that the gateway vouches for."""
        settings = self._resources.settings
        context.password_checks += 1
        if context.password_checks > settings.limits.document_passwords:
            raise RateLimited(1)
        address = context.viewer.address
        if settings.development and is_loopback(address):
            return
        await self._resources.limiter.hit(
            f"address:{address}", settings.limits.address_attempts, settings.limits.login_window
        )


@dataclass(frozen=True, slots=True)
class Services:
    """The user domain's services, and its repository for reads that are no batches."""

    repository: UserRepository
    accounts: AccountService
    relating: RelationService


def _check(new: Registration) -> None:
    if not _HANDLE.fullmatch(new.handle):
        message = "A handle has 3 to 30 letters, digits or underscores."
        raise Rejected(ErrorCode.INVALID_INPUT, message, "handle")
    _display_name(new.display_name)
    if len(new.email) > 254 or not _EMAIL.fullmatch(new.email.strip()):
        raise Rejected(ErrorCode.INVALID_INPUT, "This is no e-mail address.", "email")
    if not _SHORTEST_PASSWORD <= len(new.password) <= _LONGEST_PASSWORD:
        message = f"A password has {_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} characters."
        raise Rejected(ErrorCode.WEAK_PASSWORD, message, "password")


def _display_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise Rejected(ErrorCode.INVALID_INPUT, "A name has between 1 and 80 characters.", "displayName")
    return name
