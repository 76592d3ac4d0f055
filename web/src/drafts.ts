// What somebody has written into documents and not saved yet, kept in this browser until it is saved, given up, or its
// writer signs out. It is its writer's alone: whoever else signs in here is shown none of it.
import type { DocumentParts } from './graphql/generated';

export type Draft = Pick<DocumentParts, 'title' | 'content' | 'visibility'>;

/** The version that was read before it was changed. */
export type Base = Draft & Pick<DocumentParts, 'id' | 'version'>;

export interface Unsaved {
  readonly base: Base;
  readonly draft: Draft;
  /** When it was last written on, by this machine's clock. */
  readonly at: number;
}

interface Shelf {
  readonly owner: string;
  /** Those written on last come last. */
  readonly unsaved: readonly Unsaved[];
}

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEY = 'lets-connect.drafts';
const MOST = 20;

export class Drafts {
  constructor(private readonly keeper: Keeper) {}

  find(owner: string, id: string): Unsaved | null {
    return this.of(owner).find(({ base }) => base.id === id) ?? null;
  }

  /** False where the browser keeps nothing: it is full, or was told not to. */
  keep(owner: string, unsaved: Unsaved): boolean {
    return this.put(owner, [...this.others(owner, unsaved.base.id), unsaved].slice(-MOST));
  }

  drop(owner: string, id: string): void {
    if (this.find(owner, id) !== null) this.put(owner, this.others(owner, id));
  }

  forget(): void {
    try {
      this.keeper.removeItem(KEY);
    } catch {
      // What cannot be written to holds nothing either.
    }
  }

  /** When somebody signs in: what another has left goes. */
  only(owner: string | null): void {
    if (this.shelf()?.owner !== owner) this.forget();
  }

  private others(owner: string, id: string): Unsaved[] {
    return this.of(owner).filter(({ base }) => base.id !== id);
  }

  private of(owner: string): readonly Unsaved[] {
    const shelf = this.shelf();
    return shelf?.owner === owner ? shelf.unsaved : [];
  }

  private put(owner: string, unsaved: readonly Unsaved[]): boolean {
    if (unsaved.length === 0) {
      this.forget();
      return true;
    }
    try {
      this.keeper.setItem(KEY, JSON.stringify({ owner, unsaved } satisfies Shelf));
      return true;
    } catch {
      return false;
    }
  }

  private shelf(): Shelf | null {
    try {
      const value: unknown = JSON.parse(this.keeper.getItem(KEY) ?? 'null');
      return isShelf(value) ? value : null;
    } catch {
      return null;
    }
  }
}

function isShelf(value: unknown): value is Shelf {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, unsaved } = value as Record<string, unknown>;
  return typeof owner === 'string' && Array.isArray(unsaved) && unsaved.every(isUnsaved);
}

function isUnsaved(value: unknown): value is Unsaved {
  if (typeof value !== 'object' || value === null) return false;
  const { base, draft, at } = value as { base?: Partial<Base>; draft?: Partial<Draft>; at?: unknown };
  const isDraft = (one?: Partial<Draft>) =>
    typeof one?.title === 'string' && typeof one.content === 'string' && typeof one.visibility === 'string';
  return isDraft(base) && isDraft(draft) && typeof base?.id === 'string' && typeof base.version === 'number' && typeof at === 'number';
}
