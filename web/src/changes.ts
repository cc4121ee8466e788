// What the events of one mailbox tell is put together until a state comes, and then applied at once: a stream that is cut
// in between tells the rest anew.
import type { Changes, Row } from './window';

export interface MailboxEvent {
  added?: Row[];
  updated?: Changes['updated'];
  removed?: string[];
  state?: string;
}

export class ChangeCollector {
  private pending: Changes = { added: [], updated: [], removed: [] };

  constructor(private readonly apply: (changes: Changes, state: string) => void) {}

  take(event: MailboxEvent): void {
    this.pending.added.push(...(event.added ?? []));
    this.pending.updated.push(...(event.updated ?? []));
    this.pending.removed.push(...(event.removed ?? []));
    if (event.state !== undefined) {
      const whole = this.pending;
      this.cut();
      this.apply(whole, event.state);
    }
  }

  /** The stream ended: what is not whole comes again. */
  cut(): void {
    this.pending = { added: [], updated: [], removed: [] };
  }
}
