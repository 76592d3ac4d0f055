import { Component, type ReactNode } from 'react';

/** A page that broke, or whose chunk is gone after a new release, leaves the frame standing. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main id="main" className="page">
        <div className="notice" role="alert">
          <p>This page could not be shown.</p>
          <button type="button" className="button" onClick={() => location.reload()}>
            Load it again
          </button>
        </div>
      </main>
    );
  }
}
