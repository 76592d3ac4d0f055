// Going back shows a page as it was left: its lists as they had been read, and how far down one was.
//
// Each entry of the browser's history has a name. When it is left, what its lists hold is put away under that name;
// when it comes back, lists that ask for it begin with that instead of their first page.

interface Left {
  readonly scroll: number;
  readonly lists: ReadonlyMap<string, unknown>;
}

const MOST_ENTRIES = 20;

export class Kept {
  private readonly left = new Map<string, Left>();
  private readonly shown = new Map<string, unknown>();
  private returned: Left | null = null;

  /** Tells what a list holds now; until the function it gives is called. */
  show(key: string, list: unknown): () => void {
    this.shown.set(key, list);
    return () => {
      if (this.shown.get(key) === list) this.shown.delete(key);
    };
  }

  leave(entry: string, scroll: number): void {
    this.left.delete(entry);
    this.left.set(entry, { scroll, lists: new Map(this.shown) });
    const [oldest] = this.left.keys();
    if (this.left.size > MOST_ENTRIES && oldest !== undefined) this.left.delete(oldest);
  }

  arrive(entry: string | null): void {
    this.returned = (entry === null ? undefined : this.left.get(entry)) ?? null;
  }

  /** What a list held when the entry shown now was left. */
  list(key: string): unknown {
    return this.returned?.lists.get(key);
  }

  /** How far down that was, once: lists that are made later begin anew. */
  settle(): number | null {
    const scroll = this.returned?.scroll ?? null;
    this.returned = null;
    return scroll;
  }
}

export const kept = new Kept();
