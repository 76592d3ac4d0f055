import { describe, expect, it } from 'vitest';
import { nextEvents } from '../../src/ops/events';
import { watch } from '../../src/ops/watch';

async function* of(...chunks: string[]) {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const event = (at: number) => `event: next\ndata: ${JSON.stringify({ data: { ops: { at } } })}\n\n`;

it('reads events however they are cut', async () => {
  const text = `:\n\nevent: next\ndata: 1\n\n:\n\nevent: next\ndata: 2\n\nevent: complete\ndata: \n\n`;
  const read = async (...chunks: string[]) => {
    const found: string[] = [];
    for await (const one of nextEvents(of(...chunks))) found.push(one);
    return found;
  };
  expect(await read(text)).toEqual(['1', '2']);
  expect(await read(...Array.from(text))).toEqual(['1', '2']);
});

interface Said {
  status: number;
  body: string;
}

/** Watches a server that answers so, one after another, and then not any more; what came of it. */
async function watched(...answers: Said[]) {
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    const stop = watch(
      {},
      {
        onSnapshot: (snapshot) => log.push(`at ${snapshot.at}`),
        onFailure: (failure, final) => {
          log.push(`${failure.code}${final ? ', the end' : ''}`);
          if (final) resolve();
        },
      },
      {
        endpoint: '/api/ops/graphql',
        tokens: { access: () => Promise.resolve('old'), renew: (refused) => Promise.resolve(refused === 'old' ? 'new' : null) },
        fetcher: (_, init) => {
          const next = answers.shift();
          log.push(`asked with ${new Headers(init?.headers).get('authorization')}`);
          if (next !== undefined) return Promise.resolve(new Response(next.body, { status: next.status }));
          stop();
          resolve();
          return new Promise(() => undefined);
        },
        pause: () => Promise.resolve(),
      },
    );
  });
  return log;
}

const refusal = (code: string) => JSON.stringify({ errors: [{ message: 'no', extensions: { code } }] });

describe('the operators’ subscription', () => {
  it('goes on with a new token when the old one has ended', async () => {
    const old = { status: 200, body: event(1) + event(2) };
    const renewed = [{ status: 401, body: refusal('UNAUTHENTICATED') }, { status: 200, body: event(3) }];
    expect(await watched(old, ...renewed)).toEqual([
      'asked with Bearer old', 'at 1', 'at 2', 'asked with Bearer old', 'asked with Bearer new', 'at 3', 'asked with Bearer old',
    ]);
  });

  it('tries again where the server is away, and gives up where it may not', async () => {
    const full = { status: 200, body: `event: next\ndata: ${refusal('TOO_MANY_WATCHERS')}\n\n` };
    expect(await watched({ status: 502, body: '' }, full, { status: 403, body: refusal('FORBIDDEN') })).toEqual([
      'asked with Bearer old', 'INTERNAL', 'asked with Bearer old', 'TOO_MANY_WATCHERS', 'asked with Bearer old', 'FORBIDDEN, the end',
    ]);
  });
});
