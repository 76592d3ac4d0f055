import {
  createContext,
  startTransition,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type AnchorHTMLAttributes,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { kept } from './kept';

interface Router {
  path: string;
  search: string;
  go: (to: string, how?: 'push' | 'replace') => void;
}

const RouterContext = createContext<Router | null>(null);

const here = () => ({ path: location.pathname, search: location.search });

let entries = 0;

/** The name of the history's entry that is shown; it gets one where it has none. */
function entry(): string {
  const known = (history.state as { entry?: string } | null)?.entry;
  if (known !== undefined) return known;
  const made = `${performance.timeOrigin}-${++entries}`;
  history.replaceState({ entry: made }, '');
  return made;
}

/** The address bar as state. A change is a transition: the old page stays until the new one's chunk is there. */
export function RouterProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(here);
  const shown = useRef({ ...place, entry: '' });

  useEffect(() => {
    history.scrollRestoration = 'manual';
    shown.current.entry = entry();
    const follow = () => {
      const left = shown.current;
      shown.current = { ...here(), entry: entry() };
      if (left.path === location.pathname && left.search === location.search) {
        document.getElementById(location.hash.slice(1))?.scrollIntoView();
        return;
      }
      kept.leave(left.entry, scrollY);
      kept.arrive(shown.current.entry);
      startTransition(() => setPlace(here()));
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const router = useMemo<Router>(
    () => ({
      ...place,
      go: (to, how = 'push') => {
        if (how === 'push') {
          kept.leave(shown.current.entry, scrollY);
          kept.arrive(null);
          history.pushState(null, '', to);
        } else history.replaceState(history.state, '', to);
        shown.current = { ...here(), entry: entry() };
        startTransition(() => setPlace(here()));
        if (how === 'push') scrollTo(0, 0);
      },
    }),
    [place],
  );
  return <RouterContext value={router}>{children}</RouterContext>;
}

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (router === null) throw new Error('no RouterProvider above');
  return router;
}

/** The parameters of `pattern` ("/u/:handle") in `path`, or null where it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return null;
      continue;
    }
    try {
      found[part.slice(1)] = decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  return found;
}

const isPlain = (event: MouseEvent) =>
  event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

type LinkProps = { to: string } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>;

export function Link({ to, onClick, children, ...rest }: LinkProps) {
  const router = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || !isPlain(event)) return;
    event.preventDefault();
    router.go(to);
  };
  return (
    <a {...rest} href={to} onClick={follow}>
      {children}
    </a>
  );
}

/** The form's address, for somebody who is at `path`; from one form to the other the way back stays. */
export function signInFrom(path: string, search: string): string {
  if (path === paths.home) return paths.signIn;
  const isForm = path === paths.signIn || path === paths.register;
  return paths.signIn + (isForm ? search : `?to=${encodeURIComponent(path + search)}`);
}

/** Where the form leads on to: a page of ours, or home. */
export function destination(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '';
  return /^\/(?![/\\])/.test(to) ? to : paths.home;
}

/** Of a document's address: opened to be written. */
export const EDIT = '?edit';

export const paths = {
  home: '/',
  media: '/media',
  album: (id: string) => `/a/${encodeURIComponent(id)}`,
  shop: '/shop',
  sell: '/sell',
  cart: '/cart',
  ops: '/ops',
  signIn: '/sign-in',
  register: '/register',
  user: (handle: string) => `/u/${encodeURIComponent(handle)}`,
  post: (id: string) => `/post/${encodeURIComponent(id)}`,
  product: (slug: string) => `/p/${encodeURIComponent(slug)}`,
  messages: '/messages',
  documents: '/documents',
  document: (id: string) => `/d/${encodeURIComponent(id)}`,
  workspace: (slug: string) => `/w/${encodeURIComponent(slug)}`,
  talk: (id: string) => `/messages/${encodeURIComponent(id)}`,
  search: (text: string) => `/search?q=${encodeURIComponent(text)}`,
};
