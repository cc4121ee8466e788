// The results of a search while they are shown: what becomes of them is told by events, and what matches since is found by
// searching again. What the user looks at stays.
import type { Schema } from './api';
import { Repeater } from './repeater';
import type { Changes, ListWindow } from './window';

/** The mailboxes that one stream of events may tell of. */
const FOLLOWED_AT_MOST = 10;

/** Where a search without a mailbox looks: as `searchMessages` does, the ones first that change most. */
export function searched(mailboxes: readonly Schema['Mailbox'][]): Schema['Mailbox'][] {
  const all = mailboxes.find((it) => it.role === 'all');
  if (all) return [all];
  const rank = (it: Schema['Mailbox']) => (it.role === 'inbox' ? 0 : it.role ? 1 : 2);
  return mailboxes
    .filter((it) => it.selectable && it.role !== 'trash' && it.role !== 'junk')
    .sort((a, b) => rank(a) - rank(b) || (b.totalMessages ?? 0) - (a.totalMessages ?? 0));
}

export class LiveResults {
  /** Those that events tell of message by message; of the others the counts alone are told. */
  readonly followed: readonly string[];
  private readonly others: ReadonlySet<string>;
  /** What may match no more. All others stay, also what the user has marked meanwhile: a search for unread messages is read through. */
  private readonly doubtful = new Set<string>();
  private allDoubtful = false;
  private readonly repeater: Repeater;

  constructor(
    private readonly window: ListWindow,
    /** Whether keywords decide what matches. */
    private readonly byKeywords: boolean,
    mailboxIds: readonly string[],
    /** What the user looks at, or has chosen. */
    private readonly stays: (id: string) => boolean,
    /** Whether it may help to try again. */
    failed: (error: unknown) => boolean,
  ) {
    this.repeater = new Repeater(() => this.searchAgain(), failed);
    this.followed = mailboxIds.slice(0, FOLLOWED_AT_MOST);
    this.others = new Set(mailboxIds.slice(FOLLOWED_AT_MOST));
  }

  /** Before the list has them: the keywords that it has tell whether somebody else has changed them. */
  onChanges({ added, updated }: Changes): void {
    if (added.length > 0) this.repeater.ask();
    if (!this.byKeywords) return;
    for (const { id, keywords } of updated) {
      const row = this.window.byId(id);
      if (row && DECIDING.every((it) => Boolean(row.keywords[it]) === Boolean(keywords[it]))) continue;
      this.doubtful.add(id);
      this.repeater.ask();
    }
  }

  /** Something has changed in a mailbox of which nothing else is told. */
  onCounts(mailboxId: string): void {
    if (!this.others.has(mailboxId)) return;
    for (const { id } of this.window.entries) if (this.window.byId(id)?.mailboxId === mailboxId) this.doubtful.add(id);
    this.repeater.ask();
  }

  /** Nobody knows what has changed meanwhile. */
  onGap(): void {
    this.allDoubtful = true;
    this.repeater.ask();
  }

  end(): void {
    this.repeater.end();
  }

  private async searchAgain(): Promise<void> {
    const all = this.allDoubtful;
    const doubted = new Set(this.doubtful);
    const gone = await this.window.renew((id) => (all || doubted.has(id)) && !this.stays(id));
    if (all) this.allDoubtful = false;
    for (const id of doubted) if (gone.has(id) || !this.stays(id)) this.doubtful.delete(id);
  }
}

/** The keywords that can be searched for here. */
const DECIDING = ['$seen', '$flagged'];
