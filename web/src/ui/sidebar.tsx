import { signal } from '@preact/signals';
import { labelOf } from '../actions';
import type { Schema } from '../api';
import { composeNew, signOutSafely } from '../compose';
import { list, mailboxes, place, show } from '../mail';
import { session } from '../session';
import { hue, initials } from '../format';
import { Button, Icon, iconOf } from './icons';
import { helpOpen } from './overlays';

/** On narrow screens the sidebar is a drawer. */
export const drawer = signal(false);

const ROLES = ['inbox', 'flagged', 'important', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash'];

function ordered(all: readonly Schema['Mailbox'][]): [Schema['Mailbox'][], Schema['Mailbox'][]] {
  const rank = (it: Schema['Mailbox']) => ROLES.indexOf(it.role ?? '');
  const known = all.filter((it) => rank(it) >= 0).sort((a, b) => rank(a) - rank(b));
  const others = all.filter((it) => rank(it) < 0).sort((a, b) => a.path.localeCompare(b.path));
  return [known, others];
}

export function Sidebar() {
  const [known, others] = ordered(mailboxes.value ?? []);
  const username = session.value?.account.username ?? '';
  return (
    <>
      {drawer.value && <div class="shade" onClick={() => (drawer.value = false)} />}
      <nav class={drawer.value ? 'sidebar open' : 'sidebar'} aria-label="Mailboxes">
        <button type="button" class="primary compose-new" onClick={() => composeNew()} title="Write (c)">
          <Icon name="pen" /> Write
        </button>
        <div class="mailboxes">
          {mailboxes.value === undefined ? <Waiting /> : <Names items={known} depths={false} />}
          {others.length > 0 && <h2>Mailboxes</h2>}
          <Names items={others} depths />
        </div>
        <footer>
          <span class={`face hue${hue(username)}`} aria-hidden="true">
            {initials(username)}
          </span>
          <span class="who" title={username}>
            {username}
          </span>
          <Button icon="keys" label="Keyboard" keys="?" onClick={() => (helpOpen.value = true)} />
          <Button icon="out" label="Sign out" onClick={() => void signOutSafely()} />
        </footer>
      </nav>
    </>
  );
}

function Names({ items, depths }: { items: readonly Schema['Mailbox'][]; depths: boolean }) {
  const where = place.value;
  return (
    <ul>
      {items.map((it) => {
        const here = where?.kind === 'mailbox' && where.mailboxId === it.id;
        const depth = depths && it.delimiter ? Math.min(4, it.path.split(it.delimiter).length - 1) : 0;
        // Of drafts all count, of others those that nobody has read.
        const count = it.role === 'drafts' ? it.totalMessages : it.role === 'trash' || it.role === 'sent' ? 0 : it.unreadMessages;
        return (
          <li key={it.id}>
            <button
              type="button"
              class={`mailbox depth${depth} ${here ? 'here' : ''} ${count ? 'unread' : ''}`}
              aria-current={here ? 'page' : undefined}
              disabled={!it.selectable}
              onClick={() => {
                drawer.value = false;
                void show({ kind: 'mailbox', mailboxId: it.id, threads: where?.kind === 'mailbox' && where.threads });
              }}
            >
              <Icon name={iconOf(it.role)} />
              <span class="name" dir="auto">
                {labelOf(it)}
              </span>
              {count ? (
                <span class="count">
                  {count.toLocaleString()}
                  <span class="unseen"> {it.role === 'drafts' ? 'drafts' : 'unread'}</span>
                </span>
              ) : null}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Waiting() {
  return (
    <ul aria-hidden="true">
      {[70, 45, 55, 40, 60].map((width) => (
        <li key={width} class={`bone w${width}`} />
      ))}
    </ul>
  );
}

/** For the keys `g i` and so on. */
export function goTo(role: string): void {
  const target = mailboxes.value?.find((it) => it.role === role);
  if (target && list.value) void show({ kind: 'mailbox', mailboxId: target.id, threads: false });
}
