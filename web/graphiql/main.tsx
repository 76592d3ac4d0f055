import './nonce';
import './workers';
import 'graphiql/style.css';
import './page.css';
import { ToolbarButton, useGraphiQL } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { tokens } from '../src/graphql/api';
import { fetcherAt } from './fetcher';
import { linkTo, linked } from './link';

const fetcher = fetcherAt(location.origin, () => tokens.access());
const first = document.querySelector<HTMLMetaElement>('meta[name="first-operation"]')?.content;
const given = linked(location.search);

/** Puts the operation into the page's address, and that onto the clipboard where the browser lets it. */
function LinkButton() {
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const operationName = useGraphiQL((state) => state.operationName);
  const link = () => {
    const operation = { query: query?.getValue() ?? '', variables: variables?.getValue() ?? '' };
    const address = linkTo(location.href, operationName ? { ...operation, operationName } : operation);
    history.replaceState(null, '', address);
    // It is there over HTTPS and on localhost alone.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    clipboard?.writeText(address).catch(() => undefined);
  };
  return (
    <ToolbarButton label="Copy link to this operation" onClick={link}>
      <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
        <path d="M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.6-1.6" />
      </svg>
    </ToolbarButton>
  );
}

const root = document.getElementById('graphiql');
if (root === null) throw new Error('page.html has no #graphiql');
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    {...(first ? { defaultQuery: first } : {})}
    {...(given.query === undefined ? {} : { initialQuery: given.query })}
    {...(given.variables === undefined ? {} : { initialVariables: given.variables })}
  >
    <GraphiQL.Toolbar>
      {({ prettify, merge, copy }) => (
        <>
          {prettify}
          {merge}
          {copy}
          <LinkButton />
        </>
      )}
    </GraphiQL.Toolbar>
  </GraphiQL>,
);
