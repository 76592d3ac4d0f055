import type { ReactNode } from 'react';
import { plural } from '../format';
import { useOpsPass } from '../ops/pass';
import { Link, paths, signInFrom, useRouter } from '../router';
import { useViewer } from '../viewer';
import { Icon, Mark, type IconName } from './icon';
import { Avatar } from './person';

interface NavLinkProps {
  to: string;
  icon: IconName;
  children: ReactNode;
  /** A number at its side, and what a screen reader says then. */
  badge?: { count: number; label: string } | undefined;
}

function NavLink({ to, icon, children, badge }: NavLinkProps) {
  const { path } = useRouter();
  return (
    <Link to={to} className="nav-link" aria-current={path === to ? 'page' : undefined} aria-label={badge?.label}>
      <Icon name={icon} size={22} />
      {badge !== undefined && <span className="nav-badge">{badge.count}</span>}
      <span>{children}</span>
    </Link>
  );
}

function Account() {
  const { signedIn, viewer, cartCount, signOut } = useViewer();
  if (!signedIn) return null;
  const badge = cartCount === 0 ? undefined : { count: cartCount, label: `Cart, ${plural(cartCount, 'thing')} in it` };
  return (
    <nav aria-label="Account" className="side-end">
      <NavLink to={paths.cart} icon="cart" badge={badge}>
        Cart
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
    </nav>
  );
}

/** Where signed-in people find what is theirs, others the way in. */
function Door() {
  const { signedIn } = useViewer();
  const { path, search } = useRouter();
  if (signedIn) {
    return (
      <>
        <NavLink to={paths.messages} icon="comment">
          Messages
        </NavLink>
        <NavLink to={paths.documents} icon="page">
          Documents
        </NavLink>
      </>
    );
  }
  // On the form itself the same words are its button's.
  return path === paths.signIn ? null : (
    <NavLink to={signInFrom(path, search)} icon="enter">
      Sign in
    </NavLink>
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
            <NavLink to={paths.shop} icon="tag">
              Shop
            </NavLink>
            <NavLink to="/search" icon="search">
              Search
            </NavLink>
            <Door />
          </nav>
          <Account />
        </header>
        {children}
      </div>
    </>
  );
}
