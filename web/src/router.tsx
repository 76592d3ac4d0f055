import {
  createContext,
  startTransition,
  useContext,
  useEffect,
  useMemo,
  useState,
  type AnchorHTMLAttributes,
  type MouseEvent,
  type ReactNode,
} from 'react';

interface Router {
  path: string;
  search: string;
  go: (to: string, how?: 'push' | 'replace') => void;
}

const RouterContext = createContext<Router | null>(null);

const here = () => ({ path: location.pathname, search: location.search });

/** The address bar as state. A change is a transition: the old page stays until the new one's chunk is there. */
export function RouterProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(here);

  useEffect(() => {
    const follow = () => startTransition(() => setPlace(here()));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const router = useMemo<Router>(
    () => ({
      ...place,
      go: (to, how = 'push') => {
        if (how === 'push') history.pushState(null, '', to);
        else history.replaceState(null, '', to);
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

export const paths = {
  home: '/',
  media: '/media',
  ops: '/ops',
  signIn: '/sign-in',
  register: '/register',
  user: (handle: string) => `/u/${encodeURIComponent(handle)}`,
  post: (id: string) => `/post/${encodeURIComponent(id)}`,
  product: (slug: string) => `/p/${encodeURIComponent(slug)}`,
  search: (text: string) => `/search?q=${encodeURIComponent(text)}`,
};
