import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import type { Base, Draft } from '../drafts';
import { fullDate } from '../format';
import type { DocumentParts, DocumentVisibility } from '../graphql/generated';
import { useAction } from '../hooks';
import { Problem } from '../ui/notice';
import { onTop } from './merge';
import { save as saveDraft } from './save';
import { useDraft } from './use_draft';

interface Props {
  document: DocumentParts;
  onSaved: (document: DocumentParts) => void;
  onCancel: () => void;
}

export function EditDocument({ document, onSaved, onCancel }: Props) {
  const { base, draft, changed, kept, foundAt, write, drop } = useDraft(document);
  const [theirs, setTheirs] = useState<DocumentParts | null>(null);
  const first = useRef<HTMLTextAreaElement>(null);
  const there = useRef(false);
  useEffect(() => {
    there.current = true;
    first.current?.focus();
    return () => {
      there.current = false;
    };
  }, []);

  const save = useAction(async (known: Base, written: Draft) => {
    const outcome = await saveDraft(known, written);
    if ('saved' in outcome) drop();
    // Its writer may have gone to another page meanwhile, and stays there.
    if (!there.current) return null;
    if ('saved' in outcome) onSaved(outcome.saved);
    else if ('theirs' in outcome) setTheirs(outcome.theirs);
    return 'problem' in outcome ? outcome.problem : null;
  });
  const giveUp = () => {
    drop();
    onCancel();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (changed) void save.run(base, draft);
    else giveUp();
  };
  const keepMine = () => {
    if (theirs === null) return;
    const mine = onTop(base, draft, theirs);
    write(mine, theirs);
    setTheirs(null);
    void save.run(theirs, mine);
  };
  const takeTheirs = (taken: DocumentParts) => {
    drop();
    onSaved(taken);
  };
  const change = (part: Partial<Draft>) => write({ ...draft, ...part });
  return (
    <>
      <form className="document-form card" onSubmit={submit} aria-label="The document">
        {foundAt !== null && (
          <p role="status" className="quiet">
            What you wrote here and did not save is back, as it was on {fullDate(foundAt)}. Cancel drops it.
          </p>
        )}
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
        <Problem text={kept ? null : 'This browser has no room to keep what you write: save it before you leave this page.'} />
        {theirs === null && (
          <p className="document-acts">
            <button type="submit" className="button button-main" disabled={save.busy || draft.title.trim() === ''}>
              Save
            </button>
            <button type="button" className="button" onClick={giveUp}>
              Cancel
            </button>
          </p>
        )}
      </form>
      {theirs !== null && <Clash theirs={theirs} busy={save.busy} onKeepMine={keepMine} onTakeTheirs={() => takeTheirs(theirs)} />}
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
