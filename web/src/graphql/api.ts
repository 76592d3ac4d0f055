// The one client of this page, put together from its parts.
import { Drafts } from '../drafts';
import { Client, exchangeOver, sendOverHttp } from './client';
import { StoredHandover } from './handover';
import { Live } from './live';
import { Resumable } from './resumable';
import { SessionStore, recordOf, subjectOf, type IssuedSession } from './session';
import { Tokens, exclusiveAcrossTabs } from './tokens';
import { Traces } from './trace';
import { Uploader } from './upload';

const ENDPOINT = '/graphql';

const traces = new Traces();
const send = sendOverHttp(ENDPOINT, traces, (input, init) => fetch(input, init));

export const session = new SessionStore(localStorage);
export const drafts = new Drafts(localStorage);
const handover = new StoredHandover();
export const tokens = new Tokens(session, exchangeOver(send), exclusiveAcrossTabs, handover);
export const client = new Client(send, tokens);
export const uploader = new Uploader(ENDPOINT, tokens, traces);
export const resumable = new Resumable(tokens, traces);

export const live = new Live(() => {
  const origin = location.origin.replace(/^http/, 'ws');
  return new WebSocket(`${origin}${ENDPOINT}`, 'graphql-transport-ws');
}, tokens, traces);

// Before whoever handles them: what they lead to is of a trace of its own.
for (const deed of ['click', 'submit', 'change', 'popstate'] as const) {
  addEventListener(deed, () => traces.begin(deed), { capture: true });
}

addEventListener('pagehide', traces.leave);

let signedIn = session.signedIn();
session.subscribe(() => {
  if (session.signedIn() === signedIn) return;
  signedIn = session.signedIn();
  live.restart();
});
addEventListener('storage', session.changed);

export function begin(issued: IssuedSession): void {
  drafts.only(subjectOf(issued.accessToken));
  session.set(recordOf(issued, Date.now()));
}

export function end(): void {
  drafts.forget();
  session.set(null);
  void handover.leave(null);
}
