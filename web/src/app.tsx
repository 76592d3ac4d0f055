import { Suspense, lazy, useEffect, useLayoutEffect, useRef, type ComponentType } from 'react';
import { kept } from './kept';
import { RouterProvider, match, useRouter } from './router';
import { Boundary } from './ui/boundary';
import { Shell } from './ui/shell';
import { ViewerProvider } from './viewer';

interface Page {
  pattern: string;
  Component: ComponentType<Record<string, string>>;
}

const SignIn = lazy(() => import('./routes/sign_in'));

const PAGES: Page[] = [
  { pattern: '/', Component: lazy(() => import('./routes/home')) },
  { pattern: '/media', Component: lazy(() => import('./routes/gallery')) },
  { pattern: '/a/:id', Component: lazy(() => import('./routes/album')) },
  { pattern: '/sign-in', Component: SignIn },
  { pattern: '/register', Component: SignIn },
  { pattern: '/search', Component: lazy(() => import('./routes/search')) },
  { pattern: '/post/:id', Component: lazy(() => import('./routes/post')) },
  { pattern: '/u/:handle', Component: lazy(() => import('./routes/profile')) },
  { pattern: '/shop', Component: lazy(() => import('./routes/shop')) },
  { pattern: '/sell', Component: lazy(() => import('./routes/sell')) },
  { pattern: '/cart', Component: lazy(() => import('./routes/cart')) },
  { pattern: '/p/:slug', Component: lazy(() => import('./routes/product')) },
  { pattern: '/documents', Component: lazy(() => import('./routes/documents')) },
  { pattern: '/w/:slug', Component: lazy(() => import('./routes/workspace')) },
  { pattern: '/d/:id', Component: lazy(() => import('./routes/document')) },
  { pattern: '/messages', Component: lazy(() => import('./routes/messages')) },
  { pattern: '/messages/:id', Component: lazy(() => import('./routes/talk')) },
  { pattern: '/ops', Component: lazy(() => import('./routes/ops')) },
];

const Missing = lazy(() => import('./routes/missing'));

function Current() {
  const router = useRouter();
  const { path } = router;
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);

  useLayoutEffect(() => {
    const scroll = kept.settle();
    if (scroll !== null) scrollTo(0, scroll);
  }, [router]);

  useEffect(() => {
    // A reader by ear or by keyboard starts at the top of the new page; the first one is the browser's own.
    if (shown.current !== path) main.current?.focus({ preventScroll: true });
    shown.current = path;
  }, [path]);

  for (const { pattern, Component } of PAGES) {
    const found = match(pattern, path);
    if (found !== null) {
      return (
        <main id="main" ref={main} tabIndex={-1}>
          <Component key={pattern + JSON.stringify(found)} {...found} />
        </main>
      );
    }
  }
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Missing />
    </main>
  );
}

export function App() {
  return (
    <RouterProvider>
      <ViewerProvider>
        <Shell>
          <Boundary>
            <Suspense fallback={<main id="main" className="waiting" aria-busy="true" />}>
              <Current />
            </Suspense>
          </Boundary>
        </Shell>
      </ViewerProvider>
    </RouterProvider>
  );
}
