export type Change<Value> = (value: Value) => Value;

/**
 * What was changed here while an answer was on its way. The server may have made the answer before it heard of the
 * change: shown as it came, it would take back what its reader has just done.
 */
export class Since<Value> {
  private made: Array<Change<Value>> | null = null;

  /** The answer to this counts from now on, and to nothing asked before. */
  asked(): void {
    this.made = [];
  }

  changed(change: Change<Value>): void {
    this.made?.push(change);
  }

  /** The answer is there: what was changed since it was asked for, to be made again on it. */
  answered(): Change<Value> {
    const made = this.made ?? [];
    this.made = null;
    return (answer) => made.reduce((known, change) => change(known), answer);
  }
}
