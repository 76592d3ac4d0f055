import { clock, duration, rate, share } from './figures';
import type { OpsInput } from './generated';
import { Panel, Table } from './panel';
import { Plan } from './plan';
import type { Snapshot } from './watch';

interface Props {
  snapshot: Snapshot;
  change: (given: Partial<OpsInput>) => void;
}

export function Operations({ snapshot: { operations, slowest }, change }: Props) {
  return (
    <>
      <Panel anchor="operations" title="Slowest operations" note="At the gateway, in the last minute; below them those that are asked most. A name shows its slowest execution of the last ten on its plan." wide>
        <Table
          label="The slowest operations"
          rows={operations}
          keyOf={(row) => row.key}
          columns={[
            {
              name: 'Operation',
              cell: (row) => (
                <button type="button" aria-pressed={slowest?.key === row.key} onClick={() => change({ operation: row.key })}>
                  <span className="quiet">{row.kind}</span> {row.name}
                </button>
              ),
            },
            { name: 'p50', figure: true, cell: (row) => duration(row.p50) },
            { name: 'p95', figure: true, cell: (row) => duration(row.p95) },
            { name: 'p99', figure: true, cell: (row) => duration(row.p99) },
            { name: 'Rate /s', figure: true, cell: (row) => rate(row.rate) },
            { name: 'Errors', figure: true, cell: (row) => share(row.errors) },
          ]}
        />
      </Panel>
      {slowest !== null && (
        <Panel
          title={`Plan of ${slowest.name}`}
          note={`${duration(slowest.seconds)} at ${clock(slowest.at)}${slowest.failed ? ', with errors' : ''}. Each box is a fetch: its bar is when in that time it ran.`}
          wide
        >
          <p className="ops-note">
            <button type="button" className="ops-link" onClick={() => change({ trace: slowest.traceId })}>
              Its trace
            </button>
          </p>
          <Plan slow={slowest} />
        </Panel>
      )}
    </>
  );
}
