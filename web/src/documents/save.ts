import type { Base, Draft } from '../drafts';
import { client } from '../graphql/api';
import { DocumentById, UpdateDocument, type DocumentParts } from '../graphql/generated';
import { told } from '../hooks';
import { changesOf, clash, onTop } from './merge';

export type Saved = { saved: DocumentParts } | { theirs: DocumentParts } | { problem: string };

const MOST_TRIES = 5;

/** Saves a draft of `base`; `theirs`, and nothing saved, where somebody has changed the same meanwhile. */
export async function save(base: Base, written: Draft): Promise<Saved> {
  let known: Base = base;
  let draft = { ...written, title: written.title.trim() };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const input = { id: base.id, expectedVersion: known.version, ...changesOf(known, draft) };
    const { document, userErrors } = (await client.request(UpdateDocument, { input })).updateDocument;
    if (document !== null) return { saved: document };
    if (userErrors.every(({ code }) => code !== 'CONFLICT')) return { problem: told(userErrors) ?? 'It was not saved.' };
    const { document: theirs } = await client.request(DocumentById, { id: base.id });
    if (theirs === null) return { problem: 'It is no longer there. Copy what you wrote before you leave.' };
    if (clash(known, draft, theirs)) return { theirs };
    draft = onTop(known, draft, theirs);
    known = theirs;
  }
  return { problem: 'Others are saving it again and again. Try once more.' };
}
