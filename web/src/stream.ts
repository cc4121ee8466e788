/** What is kept of an `EventSource`. */
export interface Closable {
  close(): void;
}

const RETRY = 3_000;

/** One stream of events at most: what an older request opens is closed at once, and so is all after the end. */
export class LatestStream {
  private source: Closable | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  open<T extends Closable>(connect: () => Promise<T>, opened: (source: T) => void, failed: (error: unknown) => void): void {
    this.close();
    const { turn } = this;
    connect().then(
      (source) => {
        if (turn !== this.turn) return source.close();
        this.source = source;
        opened(source);
      },
      (error: unknown) => {
        if (turn === this.turn) failed(error);
      },
    );
  }

  /** Instead of the stream that is open or about to be. */
  later(what: () => void): void {
    this.close();
    this.retry = setTimeout(what, RETRY);
  }

  close(): void {
    this.turn++;
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
  }
}
