import { archive, junk, mark, remove, targets } from './actions';
import { composeNew, composing, forward, opening, reply } from './compose';
import { at, closeMessage, focusReader, focusRow, list, notice, open, question, selectNone, selected, toggle } from './mail';
import { openRow } from './ui/list';
import { helpOpen, undo } from './ui/overlays';
import { drawer, goTo } from './ui/sidebar';

/** Keys that are no text: nothing is done while somebody types, or while a dialog is open. */
export function listenToKeys(): () => void {
  let before = '';
  const listener = (e: KeyboardEvent) => {
    if (forTheMessageWritten()) return;
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || question.value || document.querySelector('dialog[open]')) return;
    const sequence = before === 'g' ? `g${e.key}` : e.key;
    before = e.key === 'g' ? 'g' : '';
    if (press(sequence, e.target)) e.preventDefault();
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
}

/** Also before it has the focus, and where it lost it to nothing or to the list: text must never act on the mail. */
function forTheMessageWritten(): boolean {
  const focused = document.activeElement;
  return opening() || (composing.value !== undefined && (!focused || focused === document.body || focused.closest('.rows') !== null));
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('.compose') !== null || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && target.type === 'checkbox')
  );
}

/** Keys that the browser scrolls a message with, and with which it follows links, while the message has the focus. */
const OF_READING = new Set(['ArrowDown', 'ArrowUp', 'Enter']);

function press(key: string, target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : undefined;
  if (open.value && OF_READING.has(key) && element?.closest('.reader')) return false;
  const rows = targets();
  const answerable = open.value?.gone ? undefined : open.value;
  const id = answerable?.messageIds.at(-1);
  const within = answerable?.within !== undefined;
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return step(1);
    case 'k':
    case 'ArrowUp':
      return step(-1);
    case 'Enter':
    case 'o': {
      // The button of a row is no exception: the row that is highlighted is the one that opens.
      if (key === 'Enter' && element?.closest('button, a') && !element.closest('.line')) return false;
      const row = at.value === undefined ? undefined : list.value?.byId(at.value);
      if (row) openRow(row);
      if (row && open.value) focusReader.value = true;
      return Boolean(row);
    }
    case 'u':
    case 'Escape':
      if (drawer.value) drawer.value = false;
      else if (selected.value.size > 0) selectNone();
      else closeMessage();
      return true;
    case 'x':
      if (at.value !== undefined) toggle(at.value);
      return true;
    case 'e':
      archive(rows);
      return true;
    case '#':
    case 'Delete':
      void remove(rows);
      return true;
    case '!':
      junk(rows);
      return true;
    case 's':
      void mark(rows, '$flagged', rows === 'all' || !rows.every((it) => it.keywords['$flagged']), rows.length === 1);
      return true;
    case 'I':
      void mark(rows, '$seen', true);
      return true;
    case 'U':
      void mark(rows, '$seen', false);
      return true;
    case 'z':
      undo(notice.value);
      return true;
    case 'r':
    case 'a':
    case 'l':
      if (id !== undefined) void reply(id, key === 'r' ? 'replyTo' : key === 'a' ? 'all' : 'list', within);
      return id !== undefined;
    case 'f':
      if (id !== undefined) void forward(id, within);
      return id !== undefined;
    case 'c':
      if (!composing.value) composeNew();
      return true;
    case '/':
      document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
      return true;
    case '?':
      helpOpen.value = true;
      return true;
    case 'gi':
      goTo('inbox');
      return true;
    case 'gs':
      goTo('sent');
      return true;
    case 'gd':
      goTo('drafts');
      return true;
    default:
      return false;
  }
}

/** To the next row; an open message is followed by the next one, unless rows are being selected. */
function step(by: number): boolean {
  const window = list.value;
  if (!window) return false;
  const follows = open.value !== undefined && selected.value.size === 0;
  const from = follows && window.has(open.value!.id) ? open.value!.id : at.value;
  const index = from === undefined ? (by > 0 ? -1 : 0) : window.indexOf(from);
  const next = window.entries[Math.max(0, Math.min(window.entries.length - 1, index + by))];
  if (!next) return false;
  at.value = next.id;
  const row = window.byId(next.id);
  if (follows && row) open.value = row;
  // Who reads on goes on reading; else the focus is where the highlight is, also before a closed message has gone from the page.
  if (!open.value || !document.activeElement?.closest('.reader')) focusRow.value = next.id;
  return true;
}
