import { useId } from 'react';
import type { OpsInput, ResolverParts, Sort } from './generated';
import { duration, rate, share } from './figures';
import { Panel } from './panel';
import { Sparkline } from './sparkline';
import type { Snapshot } from './watch';

export const PAGE = 50;

const COLUMNS: Array<{ sort: Sort; name: string; title: string; cell: (row: ResolverParts) => string }> = [
  { sort: 'P50', name: 'p50', title: 'Half take at most this', cell: (row) => duration(row.p50) },
  { sort: 'P95', name: 'p95', title: '95 % take at most this', cell: (row) => duration(row.p95) },
  { sort: 'P99', name: 'p99', title: '99 % take at most this', cell: (row) => duration(row.p99) },
  { sort: 'RATE', name: 'Rate /s', title: 'Executions a second', cell: (row) => rate(row.rate) },
  { sort: 'PER_OPERATION', name: 'Per op', title: 'Executions in each operation that has any', cell: (row) => rate(row.perOperation) },
  { sort: 'ERRORS', name: 'Errors', title: 'The share that failed', cell: (row) => share(row.errors) },
  { sort: 'LOAD', name: 'Load', title: 'Seconds spent in it in each second', cell: (row) => rate(row.load) },
];

export const nameOf = (row: ResolverParts): string => `${row.service}.${row.typeName}.${row.field}`;

interface Props {
  snapshot: Snapshot;
  given: OpsInput;
  change: (given: Partial<OpsInput>) => void;
}

export function Resolvers({ snapshot, given, change }: Props) {
  const { resolvers, total, resolverServices } = snapshot;
  const [search, service] = [useId(), useId()];
  const offset = given.offset ?? 0;
  return (
    <Panel anchor="resolvers" title="Resolvers" note={`The last ${Math.round(snapshot.windowSeconds)} seconds, quantiles within 5 %. A name shows its durations below.`} wide>
      <form className="ops-filter" role="search" onSubmit={(event) => event.preventDefault()}>
        <label htmlFor={search} className="unseen">
          Find a resolver
        </label>
        <input id={search} type="search" placeholder="Type.field" value={given.search ?? ''} onChange={(event) => change({ search: event.target.value, offset: 0 })} />
        <label htmlFor={service} className="unseen">
          Service
        </label>
        <select id={service} value={given.service ?? ''} onChange={(event) => change({ service: event.target.value, offset: 0 })}>
          <option value="">All services</option>
          {resolverServices.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </form>
      <div className="ops-scroll">
        <table className="ops-table ops-resolvers">
          <caption className="unseen">Latency of each resolver</caption>
          <thead>
            <tr>
              <Heading sort="NAME" name="Resolver" title="service Type.field" given={given} change={change} />
              {COLUMNS.map(({ sort, name, title }) => (
                <Heading key={sort} sort={sort} name={name} title={title} given={given} change={change} figure />
              ))}
              <th scope="col">p95, ten minutes</th>
            </tr>
          </thead>
          <tbody>
            {resolvers.map((row) => (
              <Row key={nameOf(row)} row={row} chosen={given.resolver === nameOf(row)} change={change} />
            ))}
          </tbody>
        </table>
      </div>
      {total === 0 && (
        <p className="quiet ops-note">
          {(given.search ?? '') + (given.service ?? '') === '' ? 'None ran in the last minute.' : 'None of those that ran in the last minute is called so.'}
        </p>
      )}
      {total > PAGE && (
        <nav className="ops-pages" aria-label="Pages of resolvers">
          <button type="button" className="button" disabled={offset === 0} onClick={() => change({ offset: Math.max(0, offset - PAGE) })}>
            Before
          </button>
          <span>
            {offset + 1} to {Math.min(offset + PAGE, total)} of {total}
          </span>
          <button type="button" className="button" disabled={offset + PAGE >= total} onClick={() => change({ offset: offset + PAGE })}>
            Next
          </button>
        </nav>
      )}
    </Panel>
  );
}

interface HeadingProps {
  sort: Sort;
  name: string;
  title: string;
  given: OpsInput;
  change: Props['change'];
  figure?: boolean;
}

function Heading({ sort, name, title, given, change, figure = false }: HeadingProps) {
  const current = (given.sort ?? 'P95') === sort;
  const descends = (sort === 'NAME') === (given.reverse ?? false);
  return (
    <th scope="col" className={figure ? 'figure' : undefined} aria-sort={current ? (descends ? 'descending' : 'ascending') : 'none'}>
      <button type="button" title={title} onClick={() => change({ sort, reverse: current ? !(given.reverse ?? false) : false, offset: 0 })}>
        {name}
        <span aria-hidden="true">{current ? (descends ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function Row({ row, chosen, change }: { row: ResolverParts; chosen: boolean; change: Props['change'] }) {
  return (
    <tr className={row.errors > 0.01 ? 'ops-bad' : undefined}>
      <th scope="row">
        <button type="button" aria-pressed={chosen} onClick={() => change({ resolver: chosen ? '' : nameOf(row) })}>
          <span className="quiet">{row.service}</span> {row.typeName}.<wbr />
          {row.field}
        </button>
      </th>
      {COLUMNS.map(({ sort, cell }) => (
        <td key={sort} className="figure">
          {cell(row)}
        </td>
      ))}
      <td>
        <Sparkline values={row.line} />
      </td>
    </tr>
  );
}
