/** Between two times, at least. */
const PAUSE = 1_000;
/** How many times as long as it took it is not done again, so that what is slow does not go on all the time. */
const REST = 4;
const LONGEST = 60_000;

/** Does something again soon after it was asked for: once for all that was asked meanwhile, and never twice at a time. */
export class Repeater {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private again = false;
  private ended = false;
  private pause = PAUSE;

  constructor(
    private readonly what: () => Promise<void>,
    /** Whether it is tried again, after a pause that grows. */
    private readonly failed: (error: unknown) => boolean,
  ) {}

  ask(): void {
    if (this.running) this.again = true;
    else if (!this.ended) this.timer ??= setTimeout(() => void this.run(), this.pause);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.running = true;
    this.again = false;
    const began = performance.now();
    try {
      await this.what();
      this.pause = Math.min(LONGEST, Math.max(PAUSE, REST * (performance.now() - began)));
    } catch (error) {
      this.pause = Math.min(LONGEST, 2 * this.pause);
      if (!this.ended && this.failed(error)) this.again = true;
    }
    this.running = false;
    if (this.again) this.ask();
  }
}
