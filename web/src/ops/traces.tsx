import { clock, duration } from './figures';
import { FindTrace } from './find_trace';
import type { OpsInput, TraceParts } from './generated';
import { Panel, Table } from './panel';
import type { Snapshot } from './watch';

interface Props {
  snapshot: Snapshot;
  given: OpsInput;
  change: (given: Partial<OpsInput>) => void;
}

export function Traces({ snapshot: { traces, trace }, given, change }: Props) {
  return (
    <>
      <Panel anchor="traces" title="Recent traces" note="Those that were kept: a share, failed ones, and slow ones; the slowest first." wide>
        <FindTrace given={given} found={trace !== null} change={change} />
        <Table
          label="Recent traces"
          rows={traces}
          nothing="None was kept yet."
          keyOf={(row) => row.id}
          columns={[
            {
              name: 'Request',
              cell: (row) => (
                <button type="button" aria-pressed={trace?.id === row.id} onClick={() => change({ trace: row.id })}>
                  {row.name}
                </button>
              ),
            },
            { name: 'Took', figure: true, cell: (row) => duration(row.seconds) },
            { name: 'At', figure: true, cell: (row) => clock(row.at) },
            { name: 'Gateway’s spans', figure: true, cell: (row) => row.spans },
            { name: 'Ended', cell: (row) => (row.failed ? <span className="danger">with errors</span> : 'well') },
            { name: 'Trace', cell: (row) => <code>{row.id}</code> },
          ]}
        />
      </Panel>
      {trace !== null && <Waterfall trace={trace} />}
    </>
  );
}

function Waterfall({ trace }: { trace: TraceParts }) {
  const part = (seconds: number) => `${((100 * seconds) / (trace.seconds || 1)).toFixed(2)}%`;
  const left = trace.leftOut === 0 ? '' : ` ${trace.leftOut} more spans are not shown.`;
  return (
    <Panel title={`Trace of ${trace.name}`} note={`${duration(trace.seconds)} from ${clock(trace.at)} on.${left}`} wide>
      <div className="ops-scroll">
        <table className="ops-table ops-waterfall">
          <caption className="unseen">The spans of one trace, each below its parent</caption>
          <thead>
            <tr>
              <th scope="col">Span</th>
              <th scope="col">Service</th>
              <th scope="col" className="figure">
                Took
              </th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {trace.spans.map((span, index) => (
              // Spans have no name of their own that lasts; their order is it.
              <tr key={index} className={span.failed ? 'ops-bad' : undefined}>
                <th scope="row" data-depth={Math.min(span.depth, 8)} title={span.detail}>
                  {span.name}
                </th>
                <td>{span.service}</td>
                <td className="figure">{duration(span.seconds)}</td>
                <td className="ops-when">
                  <svg width="100%" height="10" role="img" aria-label={`from ${duration(span.began)} on`}>
                    <rect x={part(span.began)} y="1" width={part(span.seconds)} height="8" rx="2" />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
