import { useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import { CreateWorkspace } from '../graphql/generated';
import { told, useAction } from '../hooks';
import { paths, useRouter } from '../router';
import { slugOf } from '../slug';
import { Problem } from '../ui/notice';

export function NewWorkspace() {
  const { go } = useRouter();
  const [name, setName] = useState('');
  // Made from the name until somebody chooses another.
  const [chosen, setChosen] = useState<string | null>(null);
  const slug = chosen ?? slugOf(name);
  const create = useAction(async () => {
    const { workspace, userErrors } = (await client.request(CreateWorkspace, { input: { name: name.trim(), slug } })).createWorkspace;
    if (workspace !== null) go(paths.workspace(workspace.slug));
    return told(userErrors);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void create.run();
  };
  return (
    <form className="document-form card" onSubmit={submit} aria-label="A new workspace">
      <label className="field">
        <span>Name</span>
        <input value={name} required maxLength={100} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </label>
      <label className="field">
        <span>Address</span>
        <input value={slug} required maxLength={80} autoComplete="off" onChange={(event) => setChosen(event.target.value)} />
      </label>
      <Problem text={create.problem} />
      <p className="document-acts">
        <button type="submit" className="button button-main" disabled={create.busy || name.trim() === '' || slug === ''}>
          Begin a workspace
        </button>
      </p>
    </form>
  );
}
