import type { ReactNode } from 'react';
import { useOpsPass } from '../ops/pass';
import { Link, paths, signInFrom, useRouter } from '../router';
import { useViewer } from '../viewer';
import { Icon, Mark, type IconName } from './icon';
import { Avatar } from './person';

function NavLink({ to, icon, children }: { to: string; icon: IconName; children: ReactNode }) {
  const { path } = useRouter();
  return (
    <Link to={to} className="nav-link" aria-current={path === to ? 'page' : undefined}>
      <Icon name={icon} size={22} />
      <span>{children}</span>
    </Link>
  );
}

function Account() {
  const { signedIn, viewer, signOut } = useViewer();
  const { path, search } = useRouter();
  if (!signedIn) {
    // On the form itself the same words are its button's.
    return path === paths.signIn ? null : (
      <NavLink to={signInFrom(path, search)} icon="enter">
        Sign in
      </NavLink>
    );
  }
  return (
    <>
      <NavLink to={paths.messages} icon="comment">
        Messages
      </NavLink>
      {viewer?.role === 'OPERATOR' && <OpsLink />}
      {viewer !== null && (
        <Link to={paths.user(viewer.handle)} className="nav-link nav-me">
          <Avatar person={viewer} size="s" />
          <span>{viewer.displayName}</span>
        </Link>
      )}
      <button type="button" className="nav-link" onClick={() => void signOut()}>
        <Icon name="leave" size={22} />
        <span>Sign out</span>
      </button>
    </>
  );
}

function OpsLink() {
  useOpsPass();
  return (
    <NavLink to={paths.ops} icon="gauge">
      Operations
    </NavLink>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className="frame">
        <header className="side">
          <Link to={paths.home} className="brand">
            <Mark />
            <span>Let’s Connect</span>
          </Link>
          <nav aria-label="Main">
            <NavLink to={paths.home} icon="home">
              Home
            </NavLink>
            <NavLink to={paths.media} icon="pictures">
              Gallery
            </NavLink>
            <NavLink to="/search" icon="search">
              Search
            </NavLink>
            <Account />
          </nav>
        </header>
        {children}
      </div>
    </>
  );
}
