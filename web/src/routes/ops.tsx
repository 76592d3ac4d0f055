import '../styles/ops.css';
import { useState } from 'react';
import { useTitle } from '../hooks';
import { clock } from '../ops/figures';
import type { OpsInput } from '../ops/generated';
import { traceOf } from '../ops/find_trace';
import { Heat } from '../ops/heat';
import { Operations } from '../ops/operations';
import { PAGE, Resolvers } from '../ops/resolvers';
import { Alerts, Services } from '../ops/services';
import { Traces } from '../ops/traces';
import { useOps } from '../ops/use_ops';
import { useRouter } from '../router';
import { useViewer } from '../viewer';
import Missing from './missing';

const PARTS = ['Alerts', 'Resolvers', 'Durations', 'Operations', 'Traces', 'Services'];

/** To anybody but an operator nothing is here, and nothing is asked. */
export default function OpsPage() {
  const { signedIn, viewer } = useViewer();
  if (signedIn && viewer === null) return <div className="waiting" aria-busy="true" />;
  if (viewer?.role === 'OPERATOR') return <Ops />;
  return signedIn ? <Missing /> : <Missing hint="If you operate this product, sign in first." />;
}

function Ops() {
  const { search } = useRouter();
  const named = traceOf(new URLSearchParams(search).get('trace') ?? '') ?? '';
  const [given, setGiven] = useState<OpsInput>({ sort: 'P95', first: PAGE, trace: named });
  const [paused, setPaused] = useState(false);
  const { snapshot, failure, refused } = useOps(given, paused);
  useTitle('Operations');
  const change = (more: Partial<OpsInput>) => setGiven((known) => ({ ...known, ...more }));
  if (refused && failure?.code !== 'BAD_USER_INPUT') return <Missing />;
  return (
    <div className="page ops">
      <div className="page-head">
        <h1>Operations</h1>
        <p className="quiet">{snapshot === null ? 'Looking…' : `As of ${clock(snapshot.at)}${paused ? ', paused' : ''}`}</p>
        <button type="button" className="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          Pause
        </button>
      </div>
      <nav className="ops-parts" aria-label="On this page">
        {PARTS.map((part) => (
          <a key={part} href={`#${part.toLowerCase()}`}>
            {part}
          </a>
        ))}
      </nav>
      <p className="problem" role="status" hidden={failure === null}>
        {failure?.message}
      </p>
      {snapshot !== null && (
        <div className="ops-panels">
          <Alerts snapshot={snapshot} />
          <Resolvers snapshot={snapshot} given={given} change={change} />
          <Heat heat={snapshot.heat} of={given.resolver || given.service || 'all resolvers'} />
          <Operations snapshot={snapshot} change={change} />
          <Traces snapshot={snapshot} given={given} change={change} />
          <Services snapshot={snapshot} />
        </div>
      )}
    </div>
  );
}
