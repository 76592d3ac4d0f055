import './nonce';
import './workers';
import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { tokens } from '../src/graphql/api';
import { fetcherAt } from './fetcher';
import { linked } from './link';
import { LinkButton } from './link_button';

const fetcher = fetcherAt(location.origin, () => tokens.access());
const first = document.querySelector<HTMLMetaElement>('meta[name="first-operation"]')?.content;
const given = linked(location.search);

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
          <LinkButton given={given} />
        </>
      )}
    </GraphiQL.Toolbar>
  </GraphiQL>,
);
