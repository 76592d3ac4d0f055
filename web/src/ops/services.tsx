import { duration, rate, share } from './figures';
import { Panel, Table } from './panel';
import type { Snapshot } from './watch';

const RUNBOOKS = 'https://github.com/lets-connect/lets-connect/blob/main/docs/runbooks';

export function Alerts({ snapshot: { alerts, away } }: { snapshot: Snapshot }) {
  return (
    <Panel anchor="alerts" title="Alerts" note="The product's own judgement of its alerting rules as they stand now; Prometheus waits until they have lasted, and knows more of them." wide>
      {away.length > 0 && <p className="problem">Not told by: {away.join(', ')}. What is theirs is missing from this page.</p>}
      {alerts.length === 0 ? (
        <p className="ops-well">None holds.</p>
      ) : (
        <ul className="ops-alerts">
          {alerts.map((alert) => (
            <li key={`${alert.name} ${alert.summary}`} className={`ops-${alert.severity}`}>
              <strong>{alert.severity}</strong> {alert.summary} <a href={`${RUNBOOKS}/${alert.name}.md`}>{alert.name}</a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const held = (value: boolean | null) => (value === null ? '–' : value ? 'up' : <span className="danger">down</span>);

export function Services({ snapshot: { services, caches, loaders, queues } }: { snapshot: Snapshot }) {
  const filled = queues.filter((queue) => queue.value !== 0);
  return (
    <>
      <Panel anchor="services" title="Services" note="As the gateway finds them, and as they say themselves." wide>
        <Table
          label="Services"
          rows={services}
          keyOf={(row) => row.name}
          columns={[
            { name: 'Service', cell: (row) => row.name },
            { name: 'Ready', cell: (row) => (row.ready ? 'yes' : <span className="danger">{row.reason}</span>) },
            { name: 'Fetches /s', figure: true, cell: (row) => rate(row.rate) },
            { name: 'Unanswered', figure: true, cell: (row) => share(row.errors) },
            { name: 'p50', figure: true, cell: (row) => duration(row.p50) },
            { name: 'p95', figure: true, cell: (row) => duration(row.p95) },
            { name: 'p99', figure: true, cell: (row) => duration(row.p99) },
            { name: 'Database', cell: (row) => held(row.database) },
            { name: 'Cache', cell: (row) => held(row.cache) },
            { name: 'Breakers open', cell: (row) => row.breakers.join(', ') || 'none' },
          ]}
        />
      </Panel>
      <Panel title="Queues" note={`Just now. ${queues.length - filled.length} more are empty.`} wide>
        <Table
          label="Queues"
          rows={filled}
          nothing="Nothing waits, and nothing is open."
          keyOf={(row) => `${row.service} ${row.name}`}
          columns={[
            { name: 'Queue', cell: (row) => `${row.service}: ${row.name}` },
            { name: 'Now', figure: true, cell: (row) => (row.unit === 'seconds' ? duration(row.value) : row.value) },
          ]}
        />
      </Panel>
      <Panel title="Caches">
        <Table
          label="Caches"
          rows={caches}
          keyOf={(row) => `${row.service} ${row.name}`}
          columns={[
            { name: 'Cache', cell: (row) => `${row.service} ${row.name}` },
            { name: 'Hits', figure: true, cell: (row) => share(row.share) },
            { name: 'Asked', figure: true, cell: (row) => row.asked },
          ]}
        />
      </Panel>
      <Panel title="Loaders">
        <Table
          label="Loaders"
          rows={loaders}
          keyOf={(row) => `${row.service} ${row.name}`}
          columns={[
            { name: 'Loader', cell: (row) => `${row.service} ${row.name}` },
            { name: 'Batches', figure: true, cell: (row) => row.batches },
            { name: 'Keys each', figure: true, cell: (row) => rate(row.keys) },
          ]}
        />
      </Panel>
    </>
  );
}
