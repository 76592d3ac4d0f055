import { useCallback, useEffect, useState } from 'react';
import type { Base, Draft } from '../drafts';
import { drafts, session } from '../graphql/api';
import { changesOf } from './merge';

/** Asks before the browser leaves a page with something on it that would be lost. */
function useUnkept(unkept: boolean) {
  useEffect(() => {
    if (!unkept) return;
    const leave = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', leave);
    return () => removeEventListener('beforeunload', leave);
  }, [unkept]);
}

/** A document as it is being written: begins with what was written before and not saved, and keeps what is. */
export function useDraft(document: Base) {
  const { id } = document;
  const [owner] = useState(() => session.subject());
  const [found] = useState(() => (owner === null ? null : drafts.find(owner, id)));
  const [base, setBase] = useState<Base>(found?.base ?? document);
  const [draft, setDraft] = useState<Draft>(found?.draft ?? document);
  const [kept, setKept] = useState(true);
  const changed = Object.keys(changesOf(base, draft)).length > 0;
  useUnkept(changed && !kept);

  const drop = useCallback(() => {
    if (owner !== null) drafts.drop(owner, id);
  }, [owner, id]);
  /** Both at once: what is written, on top of what it was made from. */
  const write = useCallback(
    (next: Draft, from: Base = base) => {
      setBase(from);
      setDraft(next);
      const isChanged = Object.keys(changesOf(from, next)).length > 0;
      if (!isChanged) drop();
      setKept(!isChanged || (owner !== null && drafts.keep(owner, { base: kernel(from), draft: words(next), at: Date.now() })));
    },
    [base, owner, drop],
  );
  return { base, draft, changed, kept, foundAt: found?.at ?? null, write, drop };
}

const words = ({ title, content, visibility }: Draft): Draft => ({ title, content, visibility });
const kernel = (base: Base): Base => ({ ...words(base), id: base.id, version: base.version });
