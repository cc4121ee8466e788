import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { archive, chosen as chosenRows, junk, labelOf, mark, moveTo, nameOf, remove, type Targets } from '../actions';
import { openDraft } from '../compose';
import { briefly, called, fully, hue, initials } from '../format';
import {
  allSelected, at, focusReader, focusRow, here, list, listLoading, listProblem, mailboxes, open, openMessage, place, refresh, selectNone,
  selectShown, selected, show, toggle, version,
} from '../mail';
import { parseQuery } from '../query';
import type { Row } from '../window';
import { Button, Icon, iconOf } from './icons';
import { Dialog } from './overlays';
import { drawer } from './sidebar';

export const ROW = 82;
/** Rows above and below the screen, so that a fast wheel finds them there. */
const AROUND = 8;

export function MessageList() {
  const where = place.value;
  const searching = where?.kind === 'search';
  return (
    <section class="list" aria-label="Messages">
      <header>
        <Button icon="menu" label="Mailboxes" class="only-narrow" onClick={() => (drawer.value = true)} />
        <Search key={searching ? 'search' : where?.mailboxId} />
      </header>
      <Head />
      <Rows />
    </section>
  );
}

function Search() {
  const where = place.value;
  const [text, setText] = useState(where?.kind === 'search' ? where.text : '');
  const [everywhere, setEverywhere] = useState(where?.kind === 'search' && where.mailboxId === undefined);
  const inbox = mailboxes.value?.find((it) => it.role === 'inbox');

  function leave(): void {
    setText('');
    const mailboxId = where?.mailboxId ?? inbox?.id;
    if (where?.kind === 'search' && mailboxId !== undefined) void show({ kind: 'mailbox', mailboxId, threads: false });
  }

  return (
    <form
      class="search"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        const mailboxId = everywhere ? undefined : where?.mailboxId;
        if (!parseQuery(text)) leave();
        else void show({ kind: 'search', text, ...(mailboxId !== undefined && { mailboxId }) });
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        name="search"
        aria-label="Search"
        placeholder="Search"
        title="Words, and from: to: subject: is:unread is:flagged has:file since:2026-01-31 before: (/)"
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') {
            e.currentTarget.blur();
            leave();
          }
        }}
      />
      {(text || where?.kind === 'search') && (
        <label class="everywhere">
          <input type="checkbox" checked={everywhere} onChange={(e) => setEverywhere(e.currentTarget.checked)} /> everywhere
        </label>
      )}
      {where?.kind === 'search' && <Button icon="close" label="End the search" onClick={leave} />}
    </form>
  );
}

function Head() {
  const where = place.value;
  const chosen = selected.value.size;
  void version.value;
  if (chosen > 0) return <Batch chosen={chosen} />;
  const mailbox = here.value;
  const title = where?.kind === 'search' ? 'Results' : mailbox ? labelOf(mailbox) : ' ';
  return (
    <div class="head">
      <h1 dir="auto">{title}</h1>
      <span class="amount">{amount()}</span>
      {where?.kind === 'mailbox' && (
        <Button
          icon="thread"
          label="Conversations"
          pressed={where.threads}
          filled={where.threads}
          onClick={() => void show({ ...where, threads: !where.threads })}
        />
      )}
      {where && <Button icon="check" label="Select" keys="x" onClick={selectShown} disabled={!list.value?.entries.length} />}
    </div>
  );
}

function amount(): string {
  const window = list.value;
  if (!window || listLoading.value) return '';
  const counted = window.whole || window.length > window.entries.length;
  if (place.value?.kind === 'search') return `${window.length.toLocaleString()}${counted ? '' : '+'}`;
  const unread = here.value?.unreadMessages;
  return unread ? `${unread.toLocaleString()} unread` : '';
}

/** What can be done to those that are selected. */
function Batch({ chosen }: { chosen: number }) {
  const where = place.value;
  const window = list.value;
  const one = where?.kind === 'mailbox' ? !where.threads : where?.mailboxId !== undefined;
  const more = one && window && (window.length > chosen || !window.whole) && !allSelected.value;
  // How many a search finds is not always told.
  const all = window && (window.whole || window.length > window.entries.length) ? `all ${window.length.toLocaleString()}` : 'all';
  const done = (what: Promise<void> | void) => void Promise.resolve(what).then(selectNone);
  return (
    <div class="head batch" role="toolbar" aria-label="Selected messages">
      <Button icon="close" label="Select none" keys="Esc" onClick={selectNone} />
      <h1 aria-live="polite">{allSelected.value ? `A${all.slice(1)}` : chosen.toLocaleString()} selected</h1>
      {more && chosen === window.entries.slice(0, 1000).length && (
        <button type="button" class="link" onClick={() => (allSelected.value = true)}>
          Select {all}
        </button>
      )}
      <span class="tools">
        <Button icon="archive" label="Archive" keys="e" onClick={() => archive(chosenRows())} />
        <Button icon="trash" label="Delete" keys="#" onClick={() => void remove(chosenRows())} />
        <Button icon="junk" label={here.value?.role === 'junk' ? 'Not junk' : 'Junk'} keys="!" onClick={() => junk(chosenRows())} />
        <Button icon="mailOpen" label="Mark as read" keys="I" onClick={() => done(mark(chosenRows(), '$seen', true))} />
        <Button icon="star" label="Flag" keys="s" onClick={() => done(mark(chosenRows(), '$flagged', true))} />
        <MoveMenu rows={chosenRows} />
      </span>
    </div>
  );
}

/** A list to choose from: a closed select would move at the first arrow key. */
export function MoveMenu({ rows }: { rows: () => Targets }) {
  const [choosing, setChoosing] = useState(false);
  const close = () => setChoosing(false);
  const walk = (e: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    e.preventDefault();
    const names = [...e.currentTarget.querySelectorAll('button')];
    names[names.indexOf(document.activeElement as HTMLButtonElement) + by]?.focus();
  };
  return (
    <>
      <Button icon="move" label="Move to…" onClick={() => setChoosing(true)} />
      {choosing && (
        <Dialog label="Move to" class="move" onClose={close}>
          <header>
            <h2>Move to</h2>
            <Button icon="close" label="Close" keys="Esc" onClick={close} />
          </header>
          <ul onKeyDown={walk}>
            {mailboxes.value
              ?.filter((it) => it.selectable && it.id !== here.value?.id)
              .map((it, i) => (
                <li key={it.id}>
                  <button
                    ref={(it) => {
                      // Not the button that closes is where the dialog begins.
                      if (i === 0) it?.setAttribute('autofocus', '');
                    }}
                    type="button"
                    class="mailbox"
                    onClick={() => {
                      close();
                      void moveTo(rows(), it.id, labelOf(it));
                    }}
                  >
                    <Icon name={iconOf(it.role)} />
                    <span class="name" dir="auto">
                      {it.role === 'inbox' ? 'Inbox' : it.path}
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}

function Rows() {
  void version.value;
  const window_ = list.value;
  const pane = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<[number, number]>([0, 20]);
  const frame = useRef(0);
  /** The topmost row, where it was when the list was drawn. */
  const top = useRef<{ id: string; index: number } | undefined>(undefined);

  function look(): void {
    const element = pane.current;
    if (!element) return;
    const first = Math.max(0, Math.floor(element.scrollTop / ROW) - AROUND);
    const last = Math.ceil((element.scrollTop + element.clientHeight) / ROW) + AROUND;
    setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
    hold(element);
  }

  function hold(element: HTMLElement): void {
    const index = Math.floor(element.scrollTop / ROW);
    const entry = window_?.entries[index];
    top.current = index > 0 && entry ? { id: entry.id, index } : undefined;
  }

  useLayoutEffect(() => {
    if (pane.current) pane.current.scrollTop = 0;
    look();
  }, [window_]);
  // What comes and goes above moves nothing that is looked at, unless that is the beginning.
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element || !window_) return;
    const before = top.current;
    if (before && window_.entries[before.index]?.id !== before.id) {
      const index = window_.indexOf(before.id);
      if (index >= 0) element.scrollTop += (index - before.index) * ROW;
    }
    hold(element);
  }, [version.value]);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (pane.current) observer.observe(pane.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => window_?.show(range[0], range[1]), [window_, range[0], range[1], version.value]);
  // The keyboard went to a row outside of the screen.
  useEffect(() => {
    const index = at.value === undefined || !window_ ? -1 : window_.indexOf(at.value);
    const element = pane.current;
    if (index < 0 || !element) return;
    const top = index * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW - element.clientHeight;
  }, [at.value]);

  const length = window_?.length ?? 0;
  const shown = [];
  if (window_) {
    for (let i = range[0]; i <= Math.min(range[1], length - 1); i++) {
      const row = window_.row(i);
      const key = window_.entries[i]?.id ?? `at${i}`;
      shown.push(row ? <Line key={key} row={row} index={i} length={length} /> : <Bone key={key} index={i} />);
    }
  }
  return (
    <div
      class="rows"
      ref={pane}
      aria-busy={listLoading.value}
      onScroll={() => {
        cancelAnimationFrame(frame.current);
        frame.current = requestAnimationFrame(look);
      }}
    >
      {listProblem.value !== undefined ? (
        <Nothing icon="cloud" title="This could not be read" text={listProblem.value} action="Try again" onAction={refresh} />
      ) : listLoading.value || !window_ ? (
        <ul aria-hidden="true">
          {[0, 1, 2, 3, 4, 5, 6, 7].map((i) => (
            <Bone key={i} index={i} />
          ))}
        </ul>
      ) : length === 0 ? (
        place.value?.kind === 'search' ? (
          <Nothing icon="search" title="Nothing found" text="Try fewer words, or search everywhere." />
        ) : (
          <Nothing icon="mailOpen" title="All done" text="There is nothing in this mailbox." />
        )
      ) : (
        <ul ref={(it) => void (it && (it.style.height = `${length * ROW}px`))}>{shown}</ul>
      )}
    </div>
  );
}

/** The policy of the page forbids style attributes; styles that scripts set are no attributes. */
function placed(index: number): (element: HTMLLIElement | null) => void {
  return (element) => {
    if (element) element.style.transform = `translateY(${index * ROW}px)`;
  };
}

function Bone({ index }: { index: number }) {
  return (
    <li class="row skeleton" ref={placed(index)} aria-hidden="true">
      <span class="bone w40" />
      <span class="bone w70" />
      <span class="bone w90" />
    </li>
  );
}

export function openRow(row: Row): void {
  at.value = row.id;
  if (here.value?.role === 'drafts' && row.size === 1) void openDraft(row.messageIds[0]!);
  else openMessage(row);
}

const MATCHED: Record<string, string> = {
  subject: 'subject', from: 'sender', to: 'recipients', cc: 'copies', bcc: 'blind copies', header: 'header', preview: 'text',
};

function Line({ row, index, length }: { row: Row; index: number; length: number }) {
  const unread = !row.keywords['$seen'];
  const chosen = selected.value.has(row.id);
  const role = here.value?.role;
  const outgoing = (role === 'sent' || role === 'drafts') && row.to.length > 0;
  const people = outgoing ? row.to : row.from;
  const names =
    people.length > 3 ? `${people.slice(0, 3).map(called).join(', ')} …` : people.map(called).join(', ') || (outgoing ? '' : 'Nobody');
  const matched = row.matchedIn?.map((it) => MATCHED[it] ?? it);
  const button = useRef<HTMLButtonElement>(null);
  const takesFocus = focusRow.value === row.id;
  useEffect(() => {
    // Not where another row shall have it meanwhile.
    if (!takesFocus || focusRow.peek() !== row.id) return;
    focusRow.value = undefined;
    button.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  const classes = ['row', unread && 'unread', chosen && 'chosen', open.value?.id === row.id && 'current', at.value === row.id && 'at'];
  return (
    <li class={classes.filter(Boolean).join(' ')} ref={placed(index)} aria-setsize={length} aria-posinset={index + 1}>
      <label class="pick" title="Select (x)">
        <input type="checkbox" checked={chosen} aria-label={`Select: ${row.subject ?? 'no subject'}`} onChange={() => toggle(row.id)} />
        <span class={`face hue${hue(people[0]?.email ?? '')}`} aria-hidden="true">
          {initials(called(people[0]))}
        </span>
      </label>
      <button
        ref={button}
        type="button"
        class="line"
        aria-current={open.value?.id === row.id ? 'true' : undefined}
        onFocus={(e) => {
          // By keys alone: under a pointer the row shall not scroll away before it is clicked.
          if (e.currentTarget.matches(':focus-visible')) at.value = row.id;
        }}
        onClick={(e) => {
          openRow(row);
          // Not with a pointer: the space bar, or a screen reader.
          if (e.detail === 0 && open.value) focusReader.value = true;
        }}
      >
        {unread && <span class="unseen">Unread. </span>}
        <span class="top">
          <span class="people" dir="auto">
            {outgoing && <span class="dim">To </span>}
            {names}
            {row.size > 1 && <span class="size"> {row.size}</span>}
          </span>
          {row.hasAttachment && <Icon name="clip" />}
          <time dateTime={row.receivedAt} title={fully(row.receivedAt)}>
            {briefly(row.receivedAt)}
          </time>
        </span>
        <span class="subject" dir="auto">
          {row.subject || 'No subject'}
        </span>
        <span class="preview" dir="auto">
          {matched && (
            <span class="matched">{matched.length > 0 ? `in ${matched.join(', ')}` : 'further down'}</span>
          )}
          {place.value?.kind === 'search' && place.value.mailboxId === undefined && (
            <span class="matched where">{nameOf(row.mailboxId)}</span>
          )}
          {row.preview}
        </span>
      </button>
      <Button
        icon="star"
        class="flag"
        label={row.keywords['$flagged'] ? 'Flagged' : 'Flag'}
        pressed={Boolean(row.keywords['$flagged'])}
        filled={Boolean(row.keywords['$flagged'])}
        onClick={() => void mark([row], '$flagged', !row.keywords['$flagged'], true)}
      />
    </li>
  );
}

export function Nothing(props: {
  icon: 'cloud' | 'search' | 'mailOpen' | 'mailClosed';
  title: string;
  text: string;
  action?: string;
  onAction?: () => void;
}) {
  return (
    <div class="nothing">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.action && (
        <button type="button" class="secondary" onClick={props.onAction}>
          {props.action}
        </button>
      )}
    </div>
  );
}
