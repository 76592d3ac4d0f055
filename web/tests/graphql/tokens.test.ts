import { describe, expect, it } from 'vitest';
import { Tokens } from '../../src/graphql/tokens';
import { GraphQLFailure } from '../../src/graphql/errors';
import { NOW, handover, queue, record, storeWith } from './support';

const STALE = record('old', NOW + 10_000);

describe('Tokens', () => {
  it('gives nothing to a signed-out caller and asks nobody', async () => {
    const tokens = new Tokens(storeWith(null), () => Promise.reject(new Error('asked')), queue(), handover(), () => NOW);
    expect(await tokens.access()).toBeNull();
  });

  it('uses a token that is good for a while yet', async () => {
    const tokens = new Tokens(storeWith(record('a')), () => Promise.reject(new Error('asked')), queue(), handover(), () => NOW);
    expect(await tokens.access()).toBe('access-a');
  });

  it('trades the refresh token once for many callers at a time', async () => {
    const traded: string[] = [];
    const store = storeWith(STALE);
    const exchange = async (refreshToken: string) => {
      traded.push(refreshToken);
      await Promise.resolve();
      return record('new');
    };
    const tokens = new Tokens(store, exchange, queue(), handover(), () => NOW);
    const given = await Promise.all([tokens.access(), tokens.access(), tokens.renew('access-old')]);
    expect(given).toEqual(['access-new', 'access-new', 'access-new']);
    expect(traded).toEqual(['refresh-old']);
    expect(store.get()).toEqual(record('new'));
  });

  it('takes what another tab renewed instead of trading a used token', async () => {
    const store = storeWith(STALE);
    const lock = queue();
    const traded: string[] = [];
    const exchange = (refreshToken: string) => {
      traded.push(refreshToken);
      return Promise.resolve(record('new'));
    };
    const left = handover();
    const tabs = [new Tokens(store, exchange, lock, left, () => NOW), new Tokens(store, exchange, lock, left, () => NOW)];
    expect(await Promise.all(tabs.map((tab) => tab.access()))).toEqual(['access-new', 'access-new']);
    expect(traded).toEqual(['refresh-old']);
  });

  it('takes it also where its own storage has not heard of the other tab’s writing yet', async () => {
    const lock = queue();
    const left = handover();
    const traded: string[] = [];
    const exchange = (refreshToken: string) => {
      traded.push(refreshToken);
      return Promise.resolve(record('new'));
    };
    const stores = [storeWith(STALE), storeWith(STALE)];
    const tabs = stores.map((store) => new Tokens(store, exchange, lock, left, () => NOW));
    expect(await Promise.all(tabs.map((tab) => tab.access()))).toEqual(['access-new', 'access-new']);
    expect(traded).toEqual(['refresh-old']);
    expect(stores.map((store) => store.get())).toEqual([record('new'), record('new')]);
  });

  it('signs out when the refresh token is refused', async () => {
    const store = storeWith(STALE);
    const tokens = new Tokens(store, () => Promise.resolve(null), queue(), handover(), () => NOW);
    expect(await tokens.access()).toBeNull();
    expect(store.signedIn()).toBe(false);
  });

  it('keeps the session while the server cannot be reached, and tries again', async () => {
    const store = storeWith(STALE);
    const answers = [Promise.reject(new GraphQLFailure('NETWORK', 'down')), Promise.resolve(record('new'))];
    const tokens = new Tokens(store, () => answers.shift() ?? Promise.resolve(null), queue(), handover(), () => NOW);
    await expect(tokens.access()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(store.get()).toEqual(STALE);
    expect(await tokens.access()).toBe('access-new');
  });

  it('does not bring back a session that was signed out during the trade', async () => {
    const store = storeWith(STALE);
    const exchange = () => {
      store.set(null);
      return Promise.resolve(record('new'));
    };
    const tokens = new Tokens(store, exchange, queue(), handover(), () => NOW);
    expect(await tokens.access()).toBeNull();
    expect(store.get()).toBeNull();
  });
});
