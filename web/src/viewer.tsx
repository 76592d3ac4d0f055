import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react';
import { client, end, tokens } from './graphql/api';
import { Logout, Viewer, type ViewerResult } from './graphql/generated';
import { useQuery, useSignedIn } from './hooks';

interface ViewerState {
  signedIn: boolean;
  /** Null while signed out, and until the answer is there. */
  viewer: ViewerResult['viewer'];
  /** How many things the cart holds. */
  cartCount: number;
  /** Tells how many it holds now. */
  cartHolds: (itemCount: number) => void;
  /** Asks anew who the viewer is: a name or a picture has changed. */
  reload: () => void;
  signOut: () => Promise<void>;
}

const ViewerContext = createContext<ViewerState | null>(null);

export function ViewerProvider({ children }: { children: ReactNode }) {
  const signedIn = useSignedIn();
  const { data, reload, update } = useQuery(Viewer, {}, !signedIn);
  const signOut = useCallback(async () => {
    // The server takes a good token alone, and whoever has one asks with it at once.
    await tokens.access().catch(() => null);
    const told = client.request(Logout, {});
    // Whatever the server says, and however long it takes, this browser forgets the session.
    end();
    await told.catch(() => undefined);
  }, []);
  const cartHolds = useCallback(
    (itemCount: number) => update(({ viewer: known }) => ({ viewer: known === null ? null : { ...known, cart: { itemCount } } })),
    [update],
  );
  const viewer = signedIn ? (data?.viewer ?? null) : null;
  const cartCount = viewer?.cart?.itemCount ?? 0;
  const state = useMemo(
    () => ({ signedIn, viewer, cartCount, cartHolds, reload, signOut }),
    [signedIn, viewer, cartCount, cartHolds, reload, signOut],
  );
  return <ViewerContext value={state}>{children}</ViewerContext>;
}

export function useViewer(): ViewerState {
  const state = useContext(ViewerContext);
  if (state === null) throw new Error('no ViewerProvider above');
  return state;
}
