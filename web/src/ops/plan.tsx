import { duration } from './figures';
import type { SlowParts } from './generated';
import { Table } from './panel';

type Step = SlowParts['steps'][number];

const BOX_WIDTH = 176;
const BOX_HEIGHT = 62;
const GAP_X = 56;
const GAP_Y = 16;

export interface Placed {
  step: Step;
  x: number;
  y: number;
}

/** Each fetch right of those that it waits for, those of one depth below each other. */
export function placed(steps: readonly Step[]): Placed[] {
  const filled = new Map<number, number>();
  return steps.map((step) => {
    const row = filled.get(step.depth) ?? 0;
    filled.set(step.depth, row + 1);
    return { step, x: step.depth * (BOX_WIDTH + GAP_X), y: row * (BOX_HEIGHT + GAP_Y) };
  });
}

export function Plan({ slow }: { slow: SlowParts }) {
  if (slow.steps.length === 0) return <p className="quiet ops-note">It asks no service.</p>;
  const boxes = placed(slow.steps);
  const width = Math.max(...boxes.map(({ x }) => x)) + BOX_WIDTH + 2;
  const height = Math.max(...boxes.map(({ y }) => y)) + BOX_HEIGHT + 2;
  return (
    <>
      <div className="ops-scroll">
        <svg className="ops-plan" viewBox={`-1 -1 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          {boxes.flatMap((to) =>
            to.step.after.map((number) => {
              const from = boxes[number];
              return from === undefined ? null : <path key={`${number} ${to.step.number}`} d={edge(from, to)} />;
            }),
          )}
          {boxes.map((box) => (
            <Box key={box.step.number} box={box} total={slow.seconds} />
          ))}
        </svg>
      </div>
      <ol className="unseen" aria-label={`The fetches of ${slow.name}`}>
        {slow.steps.map((step) => (
          <li key={step.number}>{told(step, slow.steps)}</li>
        ))}
      </ol>
      <Fields steps={slow.steps} />
    </>
  );
}

/** What services told of their fields, where the gateway asks them. */
function Fields({ steps }: { steps: readonly Step[] }) {
  const rows = steps.flatMap((step) => step.resolvers.map((field) => ({ ...field, step })));
  if (rows.length === 0) return null;
  return (
    <>
      <p className="quiet ops-note">What took the longest in each fetch, of the last execution whose services told of their fields.</p>
      <Table
        label="The fields that took the longest"
        rows={rows}
        keyOf={(row) => `${row.step.number} ${row.typeName}.${row.field}`}
        columns={[
          { name: 'Field', cell: (row) => `${row.typeName}.${row.field}` },
          { name: 'Service', cell: (row) => row.step.subgraph },
          { name: 'For', cell: (row) => shortened(row.step.path || 'root fields') },
          { name: 'Executions', figure: true, cell: (row) => row.executions },
          { name: 'Together', figure: true, cell: (row) => duration(row.seconds) },
          { name: 'Longest', figure: true, cell: (row) => duration(row.longest) },
        ]}
      />
    </>
  );
}

function Box({ box: { step, x, y }, total }: { box: Placed; total: number }) {
  const began = ((step.began ?? 0) / total) * BOX_WIDTH;
  const long = ((step.seconds ?? 0) / total) * BOX_WIDTH;
  const failed = step.outcome !== '' && step.outcome !== 'success';
  return (
    <g transform={`translate(${x} ${y})`} className={step.requests === 0 ? 'ops-unasked' : failed ? 'ops-failed' : undefined}>
      <title>{`${step.path || 'root fields'}${step.condition === '' ? '' : `, ${step.condition}`}`}</title>
      <rect className="ops-box" width={BOX_WIDTH} height={BOX_HEIGHT} rx="10" />
      <text className="ops-subgraph" x="10" y="19">
        {step.subgraph}
      </text>
      <text className="ops-time" x={BOX_WIDTH - 10} y="19" textAnchor="end">
        {step.requests === 0 ? 'not asked' : duration(step.seconds)}
      </text>
      <text x="10" y="37">
        {shortened(step.path || 'root fields')}
      </text>
      {step.requests > 0 && <rect className="ops-bar" x={Math.min(began, BOX_WIDTH - 2)} y={BOX_HEIGHT - 12} width={Math.max(2, long)} height="5" />}
    </g>
  );
}

const shortened = (path: string) => (path.length > 27 ? `…${path.slice(-26)}` : path);

function edge(from: Placed, to: Placed): string {
  const [x1, y1] = [from.x + BOX_WIDTH, from.y + BOX_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + BOX_HEIGHT / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

export function told(step: Step, steps: readonly Step[]): string {
  const after = step.after.map((number) => steps[number]?.subgraph ?? '').join(', ');
  const took =
    step.requests === 0
      ? 'not asked'
      : `${duration(step.seconds)} from ${duration(step.began)} on` +
        (step.representations > 0 ? `, ${step.representations} entities` : '') +
        (step.outcome === 'success' ? '' : `, ${step.outcome}`);
  return `${step.subgraph} for ${step.path || 'root fields'}${after === '' ? '' : ` after ${after}`}: ${took}`;
}
