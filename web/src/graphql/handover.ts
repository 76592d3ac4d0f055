import type { SessionRecord } from './session';

/** What the last trade gave for which refresh token. */
export interface Trade {
  readonly from: string;
  readonly record: SessionRecord;
}

/** Where a tab leaves its trade for the next. */
export interface Handover {
  last: () => Promise<Trade | null>;
  leave: (trade: Trade | null) => Promise<void>;
}

const STORE = 'trades';
const ONLY = 'last';

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

/**
 * IndexedDB, because a tab may read from localStorage what another has already overwritten: its process hears of the
 * write a moment later, and the lock is passed on before that. A trade committed here is seen by whoever looks next.
 */
export class StoredHandover implements Handover {
  private opening: Promise<IDBDatabase> | null = null;

  async last(): Promise<Trade | null> {
    try {
      const database = await this.open();
      const store = database.transaction(STORE).objectStore(STORE);
      return ((await settled(store.get(ONLY))) as Trade | undefined) ?? null;
    } catch {
      // A browser that keeps no database: one tab at a time is what remains.
      return null;
    }
  }

  async leave(trade: Trade | null): Promise<void> {
    try {
      const transaction = (await this.open()).transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      if (trade === null) store.delete(ONLY);
      else store.put(trade, ONLY);
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB failed'));
      });
    } catch {
      // As above.
    }
  }

  private open(): Promise<IDBDatabase> {
    this.opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open('lets-connect', 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
    });
    return this.opening;
  }
}
