import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import type { DocumentParts, DocumentVisibility } from '../graphql/generated';
import { useAction } from '../hooks';
import { Problem } from '../ui/notice';
import { changesOf, onTop, type Draft } from './merge';
import { save as saveDraft } from './save';

interface Props {
  document: DocumentParts;
  onSaved: (document: DocumentParts) => void;
  onCancel: () => void;
}

/** Asks before the browser leaves a page with something unsaved on it. */
function useUnsaved(unsaved: boolean) {
  useEffect(() => {
    if (!unsaved) return;
    const leave = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', leave);
    return () => removeEventListener('beforeunload', leave);
  }, [unsaved]);
}

export function EditDocument({ document, onSaved, onCancel }: Props) {
  const [base, setBase] = useState(document);
  const [draft, setDraft] = useState<Draft>(document);
  const [theirs, setTheirs] = useState<DocumentParts | null>(null);
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const changed = Object.keys(changesOf(base, draft)).length > 0;
  useUnsaved(changed);

  const save = useAction(async (known: DocumentParts, written: Draft) => {
    const outcome = await saveDraft(known, written);
    if ('saved' in outcome) onSaved(outcome.saved);
    else if ('theirs' in outcome) setTheirs(outcome.theirs);
    return 'problem' in outcome ? outcome.problem : null;
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (changed) void save.run(base, draft);
    else onCancel();
  };
  const keepMine = () => {
    if (theirs === null) return;
    const mine = onTop(base, draft, theirs);
    setBase(theirs);
    setDraft(mine);
    setTheirs(null);
    void save.run(theirs, mine);
  };
  const change = (part: Partial<Draft>) => setDraft((known) => ({ ...known, ...part }));
  return (
    <>
      <form className="document-form card" onSubmit={submit} aria-label="The document">
        <label className="field">
          <span>Title</span>
          <input value={draft.title} required maxLength={300} onChange={(event) => change({ title: event.target.value })} />
        </label>
        <label className="field">
          <span>Text</span>
          <textarea ref={first} rows={12} value={draft.content} onChange={(event) => change({ content: event.target.value })} />
        </label>
        <label className="field">
          <span>Who can read it</span>
          <select
            value={draft.visibility}
            onChange={(event) => change({ visibility: event.target.value as DocumentVisibility })}
          >
            <option value="WORKSPACE">The workspace</option>
            <option value="PUBLIC">Everyone</option>
          </select>
        </label>
        <Problem text={save.problem} />
        {theirs === null && (
          <p className="document-acts">
            <button type="submit" className="button button-main" disabled={save.busy || draft.title.trim() === ''}>
              Save
            </button>
            <button type="button" className="button" onClick={onCancel}>
              Cancel
            </button>
          </p>
        )}
      </form>
      {theirs !== null && <Clash theirs={theirs} busy={save.busy} onKeepMine={keepMine} onTakeTheirs={() => onSaved(theirs)} />}
    </>
  );
}

interface ClashProps {
  theirs: DocumentParts;
  busy: boolean;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Both have written: the reader sees the other text, can carry over what they like, and decides. */
function Clash({ theirs, busy, onKeepMine, onTakeTheirs }: ClashProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [theirs.version]);
  return (
    <section className="clash card" aria-label="Changed meanwhile">
      <h2 ref={heading} tabIndex={-1}>
        {theirs.updatedBy?.displayName ?? 'Someone'} has saved another text while you wrote
      </h2>
      <p className="quiet">Nothing of yours is saved yet. Carry over into your text what it lacks, then keep it; or take this one.</p>
      <div className="clash-theirs">
        <h3>{theirs.title}</h3>
        <p className="document-text">{theirs.content}</p>
      </div>
      <p className="document-acts">
        <button type="button" className="button button-main" disabled={busy} onClick={onKeepMine}>
          Keep mine
        </button>
        <button type="button" className="button" disabled={busy} onClick={onTakeTheirs}>
          Take theirs
        </button>
      </p>
    </section>
  );
}
