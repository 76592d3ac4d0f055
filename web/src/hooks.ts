import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { client, live, session } from './graphql/api';
import type { Typed } from './graphql/document';
import { asFailure, type GraphQLFailure } from './graphql/errors';
import { arranged, having, unique, without } from './items';
import { kept } from './kept';
import { Since, type Change } from './since';

export function useSignedIn(): boolean {
  return useSyncExternalStore(session.subscribe, session.signedIn);
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? "Let's Connect" : `${title} · Let's Connect`;
  }, [title]);
}

/** State that begins as it was when the reader left this page, where they came back to it. */
function useKept<Value extends { key: string }>(key: string, initial: Value) {
  const [value, setValue] = useState(() => (kept.list(key) as Value | undefined) ?? initial);
  useEffect(() => kept.show(key, value), [key, value]);
  return [value, setValue] as const;
}

export interface QueryState<Result> {
  data: Result | undefined;
  failure: GraphQLFailure | undefined;
  loading: boolean;
  reload: () => void;
  update: (change: (data: Result) => Result) => void;
}

/** The answer to a query, asked anew when its variables or the caller change; `fresh`: also when the reader comes back. */
export function useQuery<Result, Variables>(
  document: Typed<Result, Variables>,
  variables: Variables,
  paused = false,
  fresh = false,
): QueryState<Result> {
  const signedIn = useSignedIn();
  const [serial, setSerial] = useState(0);
  const sent = JSON.stringify(variables);
  const key = `${document.name} ${sent} ${signedIn}`;
  const [state, setState] = useKept<{ data?: Result; failure?: GraphQLFailure; key: string }>(key, { key: '' });
  const restored = useRef(!fresh && state.key === key && state.failure === undefined);
  const [since] = useState(() => new Since<Result>());

  useEffect(() => {
    const isThere = restored.current;
    restored.current = false;
    if (paused || isThere) return;
    const abort = new AbortController();
    since.asked();
    client.request(document, JSON.parse(sent) as Variables, abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ data: since.answered()(data), key });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ failure: asFailure(error), key });
      },
    );
    return () => abort.abort();
  }, [document, sent, key, serial, paused, setState, since]);

  const reload = useCallback(() => setSerial((value) => value + 1), []);
  const update = useCallback((change: (data: Result) => Result) => {
    since.changed(change);
    setState((known) => (known.data === undefined ? known : { ...known, data: change(known.data) }));
  }, [setState, since]);
  const current = state.key === key;
  return {
    data: current ? state.data : undefined,
    failure: current ? state.failure : undefined,
    loading: !paused && !current,
    reload,
    update,
  };
}

interface Connection<Node> {
  edges: Array<{ node: Node | null }>;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface ConnectionState<Node> {
  items: Node[];
  failure: GraphQLFailure | undefined;
  loading: boolean;
  hasMore: boolean;
  loadMore: () => void;
  reload: () => void;
  /** Puts an item in the place of its older self; a new one on top, or at the end of a list whose oldest are first. */
  put: (item: Node, newest?: 'first' | 'last') => void;
  remove: (id: string) => void;
  /** The same items in another order. */
  arrange: (items: Node[]) => void;
}

interface Pages<Node> {
  key: string;
  items: Node[];
  cursor: string | null;
  hasMore: boolean;
}

/** A Relay connection read page by page. `fresh`: asked anew also when the reader comes back to it. */
export function useConnection<Result, Variables extends object, Node extends { id: string }>(
  document: Typed<Result, Variables & { first: number; after?: string | null }>,
  variables: Variables,
  pick: (data: Result) => Connection<Node> | null | undefined,
  { first = 20, paused = false, fresh = false } = {},
): ConnectionState<Node> {
  const signedIn = useSignedIn();
  const sent = JSON.stringify(variables);
  const key = `${document.name} ${sent} ${signedIn}`;
  const [pages, setPages] = useKept<Pages<Node>>(key, { key: '', items: [], cursor: null, hasMore: false });
  const restored = useRef(!fresh && pages.key === key);
  const [failure, setFailure] = useState<GraphQLFailure>();
  const [busy, setBusy] = useState(false);
  const picker = useRef(pick);
  const running = useRef<AbortController | null>(null);
  const [since] = useState(() => new Since<Node[]>());

  const load = useCallback(
    (after: string | null) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      since.asked();
      setBusy(true);
      setFailure(undefined);
      client.request(document, { ...(JSON.parse(sent) as Variables), first, after }, abort.signal).then(
        (data) => {
          if (abort.signal.aborted) return;
          const page = picker.current(data);
          const nodes = (page?.edges ?? []).flatMap((edge) => (edge.node === null ? [] : [edge.node]));
          const again = since.answered();
          setPages((known) => ({
            key,
            items: again(unique(after === null ? nodes : [...known.items, ...nodes])),
            cursor: page?.pageInfo.endCursor ?? null,
            hasMore: page?.pageInfo.hasNextPage ?? false,
          }));
          setBusy(false);
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setFailure(asFailure(error));
          setBusy(false);
        },
      );
    },
    [document, sent, first, key, setPages, since],
  );

  useEffect(() => {
    if (!paused && !restored.current) load(null);
    restored.current = false;
    return () => running.current?.abort();
  }, [load, paused]);

  const current = pages.key === key;
  const loadMore = useCallback(() => {
    if (!busy && current && pages.hasMore) load(pages.cursor);
  }, [busy, current, pages.hasMore, pages.cursor, load]);

  const change = useCallback((made: Change<Node[]>) => {
    since.changed(made);
    setPages((known) => ({ ...known, items: made(known.items) }));
  }, [setPages, since]);
  const put = useCallback((item: Node, newest: 'first' | 'last' = 'first') => change(having(item, newest)), [change]);
  const remove = useCallback((id: string) => change(without(id)), [change]);
  const arrange = useCallback((items: Node[]) => change(arranged(items)), [change]);

  return {
    items: current ? pages.items : [],
    failure,
    loading: !paused && (busy || !current) && failure === undefined,
    hasMore: current && pages.hasMore,
    loadMore,
    reload: useCallback(() => load(null), [load]),
    put,
    remove,
    arrange,
  };
}

/** Events of a subscription while the component is there and the caller signed in. */
export function useLive<Result, Variables>(
  document: Typed<Result, Variables>,
  variables: Variables,
  onData: (data: Result) => void,
  onGap?: () => void,
): void {
  const signedIn = useSignedIn();
  const handlers = useRef({ onData, onGap });
  useEffect(() => {
    handlers.current = { onData, onGap };
  });
  const sent = JSON.stringify(variables);
  useEffect(() => {
    if (!signedIn) return;
    return live.watch(document, JSON.parse(sent) as Variables, {
      onData: (data) => handlers.current.onData(data),
      onGap: () => handlers.current.onGap?.(),
    });
  }, [document, sent, signedIn]);
}

export interface Action<Args extends unknown[]> {
  run: (...args: Args) => Promise<void>;
  busy: boolean;
  problem: string | null;
  clear: () => void;
}

/** Work the user asked for: one run at a time, and a plain sentence where it failed. */
export function useAction<Args extends unknown[]>(
  work: (...args: Args) => Promise<string | null | undefined>,
): Action<Args> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef(false);
  const run = async (...args: Args) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      setProblem((await work(...args)) ?? null);
    } catch (error) {
      setProblem(asFailure(error).told);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, problem, clear: () => setProblem(null) };
}

/** What the user errors of a payload say, in one line; null where there are none. */
export function told(errors: ReadonlyArray<{ message: string }>): string | null {
  return errors.length === 0 ? null : errors.map((error) => error.message).join(' ');
}
