/** What our code takes from Node 24 and Node 22 does not have; loaded before everything else. */

type Deferred = () => PromiseLike<void> | void;

/** As the standard's, but that of several failures the first is thrown. */
class SmallStack implements AsyncDisposable {
  #held: Deferred[] = [];

  use<T extends AsyncDisposable | Disposable | null | undefined>(value: T): T {
    if (value === null || value === undefined) return value;
    const isAsync = Symbol.asyncDispose in value;
    this.defer(isAsync ? () => value[Symbol.asyncDispose]() : () => value[Symbol.dispose]());
    return value;
  }

  adopt<T>(value: T, onDispose: (value: T) => PromiseLike<void> | void): T {
    this.defer(() => onDispose(value));
    return value;
  }

  defer(onDispose: Deferred): void {
    this.#held.push(onDispose);
  }

  move(): SmallStack {
    const next = new SmallStack();
    next.#held = this.#held;
    this.#held = [];
    return next;
  }

  async disposeAsync(): Promise<void> {
    const failures: unknown[] = [];
    for (let one = this.#held.pop(); one !== undefined; one = this.#held.pop()) {
      try {
        await one();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disposeAsync();
  }
}

Object.assign(globalThis, { AsyncDisposableStack: SmallStack });
