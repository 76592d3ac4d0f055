import { useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { OpenStore as OpenStoreMutation, type StoreParts } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { Problem } from '../ui/notice';
import { Address, addressOf } from './address';

export function OpenStore({ onOpened }: { onOpened: (store: StoreParts) => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [description, setDescription] = useState('');
  const slug = addressOf(name, chosen);
  const open = useAction(async () => {
    const input = { name: name.trim(), slug, description: description.trim() || null };
    const { store, userErrors } = (await client.request(OpenStoreMutation, { input })).openStore;
    if (store !== null) onOpened(store);
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void open.run();
  };
  return (
    <form className="sell-form card" onSubmit={submit} aria-label="A store of your own">
      <p className="quiet">You have no store yet. Each person can open one; its name, address and words stay as they are given here.</p>
      <label className="field">
        <span>Name</span>
        <input value={name} required maxLength={100} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </label>
      <Address name={name} chosen={chosen} onChoose={setChosen} />
      <label className="field">
        <span>What you sell</span>
        <textarea rows={2} value={description} onChange={(event) => setDescription(event.target.value)} />
      </label>
      <Problem text={open.problem} />
      <p className="sell-acts">
        <button type="submit" className="button button-main" disabled={open.busy || name.trim() === '' || slug === ''}>
          Open the store
        </button>
      </p>
    </form>
  );
}
