import { useState, type SubmitEvent } from 'react';
import { client } from '../graphql/api';
import {
  PersonByHandle,
  RemoveWorkspaceMember,
  SetWorkspaceMember,
  type WorkspaceParts,
  type WorkspaceRole,
} from '../graphql/generated';
import { told, useAction } from '../hooks';
import { paths, useRouter } from '../router';
import { Icon } from '../ui/icon';
import { Problem } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { useViewer } from '../viewer';

const ROLES: Array<[WorkspaceRole, string]> = [
  ['OWNER', 'Owner'],
  ['EDITOR', 'Writes'],
  ['VIEWER', 'Reads'],
];

interface Props {
  workspace: WorkspaceParts;
  onChange: (workspace: WorkspaceParts) => void;
}

/** Who is in a workspace, and as what. Owners decide; everyone may leave. */
export function Members({ workspace, onChange }: Props) {
  const { viewer } = useViewer();
  const { go } = useRouter();
  const owns = workspace.viewerRole === 'OWNER';
  const set = useAction(async (userId: string, role: WorkspaceRole) => {
    const input = { workspaceId: workspace.id, userId, role };
    const { workspace: changed, userErrors } = (await client.request(SetWorkspaceMember, { input })).setWorkspaceMember;
    if (changed !== null) onChange(changed);
    return told(userErrors);
  });
  const remove = useAction(async (userId: string) => {
    const input = { workspaceId: workspace.id, userId };
    const { workspace: changed, userErrors } = (await client.request(RemoveWorkspaceMember, { input })).removeWorkspaceMember;
    if (changed !== null) onChange(changed);
    else if (userErrors.length === 0) go(paths.documents);
    return told(userErrors);
  });
  return (
    <section className="card members" aria-label="Members">
      <h2>Members</h2>
      <ul>
        {workspace.members.map(({ user, role }, index) => (
          <li key={user?.id ?? index} className="member">
            <Avatar person={user} size="s" />
            <PersonName person={user} />
            {owns && user !== null ? (
              <>
                <RoleChoice
                  label={`What ${user.displayName} may do`}
                  value={role}
                  disabled={set.busy}
                  onChange={(chosen) => void set.run(user.id, chosen)}
                />
                <button
                  type="button"
                  className="icon-button"
                  aria-label={user.id === viewer?.id ? 'Leave' : `Remove ${user.displayName}`}
                  disabled={remove.busy}
                  onClick={() => void remove.run(user.id)}
                >
                  <Icon name="close" />
                </button>
              </>
            ) : (
              <span className="quiet">{ROLES.find(([known]) => known === role)?.[1]}</span>
            )}
          </li>
        ))}
      </ul>
      <Problem text={set.problem ?? remove.problem} />
      {owns && <LetIn onChosen={set.run} />}
      {!owns && viewer !== null && (
        <button type="button" className="link-button" disabled={remove.busy} onClick={() => void remove.run(viewer.id)}>
          Leave the workspace
        </button>
      )}
    </section>
  );
}

interface RoleChoiceProps {
  label: string;
  value: WorkspaceRole;
  disabled?: boolean;
  onChange: (role: WorkspaceRole) => void;
}

function RoleChoice({ label, value, disabled = false, onChange }: RoleChoiceProps) {
  return (
    <select aria-label={label} value={value} disabled={disabled} onChange={(event) => onChange(event.target.value as WorkspaceRole)}>
      {ROLES.map(([role, words]) => (
        <option key={role} value={role}>
          {words}
        </option>
      ))}
    </select>
  );
}

function LetIn({ onChosen }: { onChosen: (userId: string, role: WorkspaceRole) => Promise<void> }) {
  const [handle, setHandle] = useState('');
  const [role, setRole] = useState<WorkspaceRole>('EDITOR');
  const find = useAction(async () => {
    const name = handle.trim().replace(/^@/, '');
    const { user } = await client.request(PersonByHandle, { handle: name });
    if (user === null) return `There is nobody called @${name}.`;
    await onChosen(user.id, role);
    setHandle('');
    return null;
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (handle.trim() !== '') void find.run();
  };
  return (
    <form className="let-in" onSubmit={submit} aria-label="Let someone in">
      <input
        aria-label="Their handle"
        placeholder="@handle"
        value={handle}
        autoComplete="off"
        autoCapitalize="none"
        onChange={(event) => setHandle(event.target.value)}
      />
      <RoleChoice label="What they may do" value={role} onChange={setRole} />
      <button type="submit" className="button" disabled={find.busy || handle.trim() === ''}>
        Let in
      </button>
      <Problem text={find.problem} />
    </form>
  );
}
