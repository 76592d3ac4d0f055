"""The user domain's mutations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import strawberry

from subgraphs.kit.errors import ErrorCode, Rejected
from subgraphs.kit.graph.payloads import Payload, user_errors
from subgraphs.kit.graph.relay import from_global, id_of
from subgraphs.user.schema.types import Info, User
from subgraphs.user.service import Avatar, ProfileChanges, Registration
from subgraphs.user.tokens import SessionTokens

__all__ = ["Mutation"]


@strawberry.type(description="What a client signs its requests with, and renews itself with.")
class Session:
    access_token: str
    refresh_token: str
    expires_at: datetime = strawberry.field(description="When the access token does.")

    @classmethod
    def of(cls, tokens: SessionTokens) -> Session:
        return cls(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_at=tokens.expires_at,
        )


@strawberry.input
class RegisterInput:
    handle: str
    display_name: str
    email: str
    password: str


@strawberry.input
class LoginInput:
    login: str = strawberry.field(description="A handle or an e-mail address.")
    password: str


@strawberry.input
class RefreshSessionInput:
    refresh_token: str


@strawberry.input(description="What is left out stays as it is.")
class UpdateProfileInput:
    display_name: str | None = None
    bio: str | None = None
    avatar_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Null takes the picture off."
    )


@strawberry.input
class UserInput:
    user_id: strawberry.ID


@strawberry.input
class ReportSubjectInput:
    subject_id: strawberry.ID
    reason: str


@strawberry.type
class RegisterPayload(Payload):
    session: Session | None = None
    user: User | None = None


@strawberry.type
class LoginPayload(Payload):
    session: Session | None = None
    user: User | None = None


@strawberry.type
class RefreshSessionPayload(Payload):
    session: Session | None = None


@strawberry.type
class LogoutPayload(Payload):
    pass


@strawberry.type
class UserPayload(Payload):
    user: User | None = None


@strawberry.type
class ReportSubjectPayload(Payload):
    pass


@strawberry.type
class Mutation:
    @strawberry.mutation
    @user_errors
    async def register(self, info: Info, input: RegisterInput) -> RegisterPayload:  # noqa: A002
        new = Registration(input.handle, input.display_name, input.email, input.password)
        user, tokens = await info.context.services.accounts.register(info.context, new)
        return RegisterPayload(session=Session.of(tokens), user=User.of(user, info))

    @strawberry.mutation
    @user_errors
    async def login(self, info: Info, input: LoginInput) -> LoginPayload:  # noqa: A002
        accounts = info.context.services.accounts
        user, tokens = await accounts.login(info.context, input.login, input.password)
        return LoginPayload(session=Session.of(tokens), user=User.of(user, info))

    @strawberry.mutation
    @user_errors
    async def refresh_session(self, info: Info, input: RefreshSessionInput) -> RefreshSessionPayload:  # noqa: A002
        tokens = await info.context.services.accounts.refresh(input.refresh_token)
        return RefreshSessionPayload(session=Session.of(tokens))

    @strawberry.mutation
    @user_errors
    async def logout(self, info: Info) -> LogoutPayload:
        await info.context.services.accounts.logout(info.context)
        return LogoutPayload()

    @strawberry.mutation
    @user_errors
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UserPayload:  # noqa: A002
        viewer = info.context.viewer.require()
        changes = ProfileChanges(input.display_name, input.bio, _avatar(input))
        row = await info.context.services.accounts.update_profile(viewer, changes)
        return UserPayload(user=User.of(row, info))

    @strawberry.mutation
    @user_errors
    async def follow(self, info: Info, input: UserInput) -> UserPayload:  # noqa: A002
        return await _relate(info, input.user_id, info.context.services.relating.follow)

    @strawberry.mutation
    @user_errors
    async def unfollow(self, info: Info, input: UserInput) -> UserPayload:  # noqa: A002
        return await _relate(info, input.user_id, info.context.services.relating.unfollow)

    @strawberry.mutation(description="Neither sees the other from now on; follows are cut both ways.")
    @user_errors
    async def block(self, info: Info, input: UserInput) -> UserPayload:  # noqa: A002
        return await _relate(info, input.user_id, info.context.services.relating.block)

    @strawberry.mutation(description="Restores nothing that the block cut.")
    @user_errors
    async def unblock(self, info: Info, input: UserInput) -> UserPayload:  # noqa: A002
        return await _relate(info, input.user_id, info.context.services.relating.unblock)

    @strawberry.mutation(description="Tell the moderators of anything with a global ID.")
    @user_errors
    async def report_subject(self, info: Info, input: ReportSubjectInput) -> ReportSubjectPayload:  # noqa: A002
        viewer, subject = info.context.viewer.require(), from_global(input.subject_id)
        if subject is None:
            raise Rejected(ErrorCode.INVALID_INPUT, "This is no global ID.", "subjectId")
        await info.context.services.accounts.report(viewer, subject, input.reason)
        info.context.forget()
        return ReportSubjectPayload()


def _avatar(given: UpdateProfileInput) -> Avatar | None:
    """The picture that was asked for, or none; None where nothing was said of it."""
    if given.avatar_id is strawberry.UNSET:
        return None
    if given.avatar_id is None:
        return Avatar(None)
    media = id_of("MediaFile", given.avatar_id)
    if media is None:
        raise Rejected.not_found("picture", "avatarId")
    return Avatar(media)


async def _relate(info: Info, global_id: str, change: Callable[[UUID, UUID], Awaitable[None]]) -> UserPayload:
    """A change between the viewer and an account; one that may not be seen is one that is not there.

    Whom the viewer blocks can still be unblocked, so existence alone decides, not visibility; across the
    other's block nothing is told but "no such account".
    """
    viewer, other = info.context.viewer.require(), id_of("User", global_id)
    if other is None or not await info.context.loaders.may_address(other):
        raise Rejected.not_found("account", "userId")
    await change(viewer, other)
    info.context.forget()
    return UserPayload(user=await User.load(other, info))
