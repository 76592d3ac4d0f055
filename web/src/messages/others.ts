import type { ConversationParts, PersonParts } from '../graphql/generated';

/** Whom the viewer talks with; null where the account is gone. */
export function othersIn(talk: ConversationParts, viewer: { id: string } | null): PersonParts | null {
  return talk.members.find(({ user }) => user !== null && user.id !== viewer?.id)?.user ?? null;
}
