// A document is saved over the version its writer has read, or not at all. What others have saved meanwhile matters only
// where both changed the same field; the rest goes together by itself.
import type { Draft } from '../drafts';

const FIELDS = ['title', 'content', 'visibility'] as const;

/** What the writer has changed since `base`. */
export function changesOf(base: Draft, draft: Draft): Partial<Draft> {
  return Object.fromEntries(FIELDS.filter((field) => draft[field] !== base[field]).map((field) => [field, draft[field]]));
}

/** The draft on top of what others saved. */
export function onTop(base: Draft, draft: Draft, theirs: Draft): Draft {
  return { title: theirs.title, content: theirs.content, visibility: theirs.visibility, ...changesOf(base, draft) };
}

/** Whether both changed the same field, to something else. */
export function clash(base: Draft, draft: Draft, theirs: Draft): boolean {
  return FIELDS.some((field) => draft[field] !== base[field] && theirs[field] !== base[field] && draft[field] !== theirs[field]);
}
