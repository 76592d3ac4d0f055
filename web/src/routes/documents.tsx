import '../styles/documents.css';
import { useState } from 'react';
import { Workspaces, type WorkspacesResult } from '../graphql/generated';
import { useConnection, useTitle } from '../hooks';
import { NewWorkspace } from '../documents/new_workspace';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { Failed, More } from '../ui/notice';
import { useViewer } from '../viewer';
import Missing from './missing';

type Known = NonNullable<WorkspacesResult['workspaces']['edges'][number]['node']>;

const pick = ({ workspaces }: WorkspacesResult) => workspaces;

export default function Documents() {
  const { signedIn } = useViewer();
  const workspaces = useConnection(Workspaces, {}, pick, { paused: !signedIn, fresh: true });
  const [beginning, setBeginning] = useState(false);
  useTitle('Documents');
  if (!signedIn) return <Missing hint="Documents are here once you are signed in." />;
  return (
    <div className="page narrow">
      <header className="page-head">
        <h1>Documents</h1>
        <button type="button" className="button" aria-expanded={beginning} onClick={() => setBeginning(!beginning)}>
          New workspace
        </button>
      </header>
      {beginning && <NewWorkspace />}
      {workspaces.failure !== undefined && <Failed failure={workspaces.failure} retry={workspaces.reload} />}
      {workspaces.loading && workspaces.items.length === 0 && <Waiting />}
      {!workspaces.loading && workspaces.failure === undefined && workspaces.items.length === 0 && (
        <p className="empty">You are in no workspace yet. Begin one, or ask somebody to let you in.</p>
      )}
      <ul className="documents" aria-label="Workspaces">
        {workspaces.items.map((workspace) => (
          <li key={workspace.id} className="card workspace">
            <Peek workspace={workspace} />
          </li>
        ))}
      </ul>
      <More hasMore={workspaces.hasMore} loading={workspaces.loading} loadMore={workspaces.loadMore} />
    </div>
  );
}

/** A workspace, and what was last begun in it. */
function Peek({ workspace }: { workspace: Known }) {
  const documents = workspace.documents.edges.flatMap(({ node }) => (node === null ? [] : [node]));
  return (
    <>
      <h2>
        <Link to={paths.workspace(workspace.slug)}>{workspace.name}</Link>
      </h2>
      {workspace.description !== null && <p className="quiet">{workspace.description}</p>}
      <ul>
        {documents.map((document) => (
          <li key={document.id}>
            <Link to={paths.document(document.id)}>{document.title}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
