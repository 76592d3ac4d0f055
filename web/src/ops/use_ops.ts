import { useEffect, useState } from 'react';
import { tokens } from '../graphql/api';
import type { GraphQLFailure } from '../graphql/errors';
import type { OpsInput } from './generated';
import { watch, type Snapshot, type Surroundings } from './watch';

const RETRY_MS = 2_000;

const around: Surroundings = {
  endpoint: '/api/ops/graphql',
  tokens,
  fetcher: (input, init) => fetch(input, init),
  pause: (signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

export interface OpsState {
  /** The last there was; it stays while another is on its way. */
  snapshot: Snapshot | null;
  failure: GraphQLFailure | null;
  /** Whether it has given up. */
  refused: boolean;
}

export function useOps(given: OpsInput, paused: boolean): OpsState {
  const [state, setState] = useState<OpsState>({ snapshot: null, failure: null, refused: false });
  const sent = JSON.stringify(given);
  useEffect(() => {
    if (paused) return;
    return watch(
      JSON.parse(sent) as OpsInput,
      {
        onSnapshot: (snapshot) => setState({ snapshot, failure: null, refused: false }),
        onFailure: (failure, refused) => setState((known) => ({ ...known, failure, refused })),
      },
      around,
    );
  }, [sent, paused]);
  return state;
}
