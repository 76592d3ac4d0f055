import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { CreateAlbum, UpdateAlbum, type AlbumParts, type AlbumVisibility } from '../graphql/generated';
import { told, useAction, type Action } from '../hooks';
import { Problem } from '../ui/notice';

interface Written {
  readonly title: string;
  readonly description: string;
  readonly visibility: AlbumVisibility;
}

const EMPTY: Written = { title: '', description: '', visibility: 'PRIVATE' };

/** What it leads to; null where its writer thought better of it. */
type Done = (album: AlbumParts | null) => void;

export function NewAlbum({ onDone }: { onDone: Done }) {
  // What is sent again after a failure of the network is the same album.
  const key = useRef<string | null>(null);
  const create = useAction(async (written: Written) => {
    key.current ??= `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    const { album, userErrors } = (await client.request(CreateAlbum, { input: { ...sent(written), idempotencyKey: key.current } })).createAlbum;
    key.current = null;
    if (album !== null) onDone(album);
    return told(userErrors);
  });
  const changed = () => {
    key.current = null;
  };
  return <Form name="A new album" verb="Begin an album" known={EMPTY} action={create} onChange={changed} onCancel={() => onDone(null)} />;
}

export function EditAlbum({ album, onDone }: { album: AlbumParts; onDone: Done }) {
  const update = useAction(async (written: Written) => {
    const { album: changed, userErrors } = (await client.request(UpdateAlbum, { input: { id: album.id, ...sent(written) } })).updateAlbum;
    if (changed !== null) onDone(changed);
    return told(userErrors);
  });
  const known = { title: album.title, description: album.description ?? '', visibility: album.visibility };
  return <Form name="The album" verb="Save" known={known} action={update} onCancel={() => onDone(null)} />;
}

const sent = ({ title, description, visibility }: Written) => ({ title: title.trim(), description: description.trim(), visibility });

interface FormProps {
  name: string;
  verb: string;
  known: Written;
  action: Action<[Written]>;
  onChange?: () => void;
  onCancel: () => void;
}

function Form({ name, verb, known, action, onChange, onCancel }: FormProps) {
  const [written, setWritten] = useState(known);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const change = (part: Partial<Written>) => {
    setWritten((before) => ({ ...before, ...part }));
    onChange?.();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void action.run(written);
  };
  return (
    <form className="album-form card" aria-label={name} onSubmit={submit}>
      <label className="field">
        <span>Title</span>
        <input ref={first} value={written.title} required autoComplete="off" onChange={(event) => change({ title: event.target.value })} />
      </label>
      <label className="field">
        <span>Description</span>
        <textarea rows={2} value={written.description} onChange={(event) => change({ description: event.target.value })} />
      </label>
      <label className="field">
        <span>Who can see it</span>
        <select value={written.visibility} onChange={(event) => change({ visibility: event.target.value as AlbumVisibility })}>
          <option value="PRIVATE">You, and whom you let in</option>
          <option value="FOLLOWERS">Your followers</option>
          <option value="PUBLIC">Everyone</option>
        </select>
      </label>
      <p className="quiet">Your own pictures in it are shown to whoever sees it, also those that are private elsewhere.</p>
      <Problem text={action.problem} />
      <p className="album-acts">
        <button type="submit" className="button button-main" disabled={action.busy || written.title.trim() === ''}>
          {verb}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
