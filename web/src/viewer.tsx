import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react';
import { client, end } from './graphql/api';
import { Logout, Viewer, type ViewerResult } from './graphql/generated';
import { useQuery, useSignedIn } from './hooks';

interface ViewerState {
  signedIn: boolean;
  /** Null while signed out, and until the answer is there. */
  viewer: ViewerResult['viewer'];
  /** Asks anew who the viewer is: a name or a picture has changed. */
  reload: () => void;
  signOut: () => Promise<void>;
}

const ViewerContext = createContext<ViewerState | null>(null);

export function ViewerProvider({ children }: { children: ReactNode }) {
  const signedIn = useSignedIn();
  const { data, reload } = useQuery(Viewer, {}, !signedIn);
  const signOut = useCallback(async () => {
    // Whatever the server says, this browser forgets the session.
    await client.request(Logout, {}).catch(() => undefined);
    end();
  }, []);
  const viewer = signedIn ? (data?.viewer ?? null) : null;
  const state = useMemo(() => ({ signedIn, viewer, reload, signOut }), [signedIn, viewer, reload, signOut]);
  return <ViewerContext value={state}>{children}</ViewerContext>;
}

export function useViewer(): ViewerState {
  const state = useContext(ViewerContext);
  if (state === null) throw new Error('no ViewerProvider above');
  return state;
}
