import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { archive, changeable, junk, mark, remove } from '../actions';
import { api, isOffline, ok, said, type Schema } from '../api';
import { forward, reply } from '../compose';
import { called, fully, hue, initials, briefly } from '../format';
import { closeMessage, focusReader, here, open, online, place, read, readWithRemote, type Seen } from '../mail';
import type { Row } from '../window';
import { Attachments } from './attachments';
import { CalendarCards, Reports } from './cards';
import { MessageFrame } from './frame';
import { Button, Icon } from './icons';
import { MoveMenu, Nothing } from './list';

export function Reader() {
  const row = open.value;
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    if (row) pane.current?.scrollTo(0, 0);
  }, [row?.id]);
  // So that the keys of the browser scroll what is read, and Tab goes on in it.
  const takesFocus = focusReader.value;
  useEffect(() => {
    if (!takesFocus) return;
    focusReader.value = false;
    pane.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <section class="reader" ref={pane} tabIndex={-1} aria-label="Message">
      {row ? (
        <>
          <div class="bar" role="toolbar" aria-label="This message">
            {row.within ? (
              <Button icon="back" label="Back to the message that contains it" keys="u" onClick={closeMessage} />
            ) : (
              <Button icon="back" label="Back to the list" keys="u" class="back" onClick={closeMessage} />
            )}
            {changeable(row) && <Actions row={row} />}
          </div>
          {row.gone && (
            <p class="gone" role="status">
              This message is gone: it was moved or deleted elsewhere.
            </p>
          )}
          <Conversation key={row.id} row={row} />
        </>
      ) : (
        <Nothing icon="mailClosed" title="Nothing is open" text="Choose a message, or press j for the next one." />
      )}
    </section>
  );
}

/** What can be done to the message that is open, whatever is selected. */
function Actions({ row }: { row: Row }) {
  return (
    <>
      <Button icon="archive" label="Archive" keys="e" onClick={() => archive([row])} />
      <Button icon="trash" label="Delete" keys="#" onClick={() => void remove([row])} />
      <Button icon="junk" label={here.value?.role === 'junk' ? 'Not junk' : 'Junk'} keys="!" onClick={() => junk([row])} />
      <MoveMenu rows={() => [row]} />
      <span class="gap" />
      <Button
        icon="mailClosed"
        label="Mark as unread"
        keys="U"
        onClick={() => {
          void mark([row], '$seen', false);
          closeMessage();
        }}
      />
      <Button
        icon="star"
        label={row.keywords['$flagged'] ? 'Flagged' : 'Flag'}
        keys="s"
        pressed={Boolean(row.keywords['$flagged'])}
        filled={Boolean(row.keywords['$flagged'])}
        onClick={() => void mark([row], '$flagged', !row.keywords['$flagged'], true)}
      />
    </>
  );
}

function Conversation({ row }: { row: Row }) {
  const [messages, setMessages] = useState<Schema['ThreadMessage'][] | undefined>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const threads = place.value?.kind === 'mailbox' && place.value.threads;
  const [alone, setAlone] = useState(!threads || row.within !== undefined);

  useEffect(() => {
    if (alone) return;
    ok(api.GET('/v1/threads/{threadId}', { params: { path: { threadId: row.id }, query: { scope: 'account' } } })).then(
      (thread) => {
        setMessages(thread.messages);
        const unread = thread.messages.filter((it) => !it.message.keywords?.['$seen']).map((it) => it.message.id);
        setUnfolded(new Set([...unread, thread.messages.at(-1)!.message.id]));
      },
      // The newest message may have been seen before, or tells why it cannot be read.
      () => setAlone(true),
    );
  }, [row.id]);

  useEffect(() => {
    if (!row.keywords['$seen']) void mark([row], '$seen', true, true);
  }, [row.id]);

  return (
    <article class="conversation">
      <Subject text={row.subject || 'No subject'} />
      {alone ? (
        <OneMessage id={row.messageIds.at(-1)!} row={row} />
      ) : messages === undefined ? (
        <Loading />
      ) : (
        messages.map(({ message }) =>
          unfolded.has(message.id) ? (
            <OneMessage key={message.id} id={message.id} row={row} />
          ) : (
            <button
              key={message.id}
              type="button"
              class="folded"
              onClick={() => setUnfolded(new Set([...unfolded, message.id]))}
            >
              <span class={`face hue${hue(message.from?.[0]?.email ?? '')}`} aria-hidden="true">
                {initials(called(message.from?.[0]))}
              </span>
              <strong dir="auto">{called(message.from?.[0])}</strong>
              <span class="preview" dir="auto">
                {message.preview}
              </span>
              <time>{briefly(message.receivedAt)}</time>
            </button>
          ),
        )
      )}
    </article>
  );
}

/** Of a subject that is longer than some senders' letters, the beginning. */
function Subject({ text }: { text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [whole, setWhole] = useState(false);
  const [cut, setCut] = useState(false);
  useLayoutEffect(() => {
    setCut(!whole && heading.current!.scrollHeight > heading.current!.clientHeight + 1);
  }, [text, whole]);
  return (
    <>
      <h1 dir="auto" ref={heading} class={whole ? '' : 'clamped'}>
        {text}
      </h1>
      {cut && (
        <button type="button" class="link whole" onClick={() => setWhole(true)}>
          Show the whole subject
        </button>
      )}
    </>
  );
}

function Loading() {
  return (
    <div class="loading" role="status" aria-busy="true" aria-label="Loading">
      <span class="bone w40" />
      <span class="bone w90" />
      <span class="bone w70" />
      <span class="bone w90" />
    </div>
  );
}

function OneMessage({ id, row }: { id: string; row: Row }) {
  const [seen, setSeen] = useState<Seen | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const [remote, setRemote] = useState<string | undefined>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    let current = true;
    setProblem(undefined);
    read(id).then(
      (it) => current && setSeen(it),
      (error: unknown) => {
        if (!current) return;
        if (isOffline(error)) online.value = false;
        setProblem(isOffline(error) ? 'This message was not opened before the connection was lost.' : said(error));
      },
    );
    return () => {
      current = false;
    };
  }, [id, tries]);

  if (problem !== undefined) {
    return (
      <Nothing icon="cloud" title="This could not be read" text={problem} action="Try again" onAction={() => setTries(tries + 1)} />
    );
  }
  if (!seen) return <Loading />;
  const { message, html, blocked } = seen;
  const within = row.within !== undefined;
  return (
    <section class="letter">
      <Sender message={message} />
      {blocked > 0 && remote === undefined && (
        <p class="blocked">
          <Icon name="picture" />
          <span>
            Pictures of other servers are not loaded ({blocked}): loading them tells that you read this.
          </span>
          <button
            type="button"
            class="link"
            onClick={() => readWithRemote(id).then(setRemote, (error: unknown) => setProblem(said(error)))}
          >
            Load pictures
          </button>
        </p>
      )}
      <Reports message={message} />
      {message.calendar && <CalendarCards calendar={message.calendar} />}
      <MessageFrame html={remote ?? html} remote={remote !== undefined} title={`Text of ${message.subject ?? 'the message'}`} />
      <Attachments message={message} />
      {!row.gone && (
        <div class="answers">
          <button type="button" class="secondary" title="Reply (r)" onClick={() => void reply(id, 'replyTo', within)}>
            <Icon name="reply" /> Reply
          </button>
          {message.to.length + message.cc.length > 1 && (
            <button type="button" class="secondary" title="Reply to all (a)" onClick={() => void reply(id, 'all', within)}>
              <Icon name="replyAll" /> Reply to all
            </button>
          )}
          {message.list && message.list.post.length > 0 && (
            <button type="button" class="secondary" title="Reply to the list (l)" onClick={() => void reply(id, 'list', within)}>
              <Icon name="reply" /> Reply to the list
            </button>
          )}
          <button type="button" class="secondary" title="Forward (f)" onClick={() => void forward(id, within)}>
            <Icon name="forward" /> Forward
          </button>
        </div>
      )}
    </section>
  );
}

function Sender({ message }: { message: Schema['Message'] }) {
  const [all, setAll] = useState(false);
  const from = message.from[0];
  const recipients = [...message.to, ...message.cc];
  const shown = all ? recipients : recipients.slice(0, 4);
  return (
    <header class="sender">
      <span class={`face big hue${hue(from?.email ?? '')}`} aria-hidden="true">
        {initials(called(from))}
      </span>
      <div>
        <p class="from">
          <strong dir="auto">{called(from) || 'Nobody'}</strong>
          {from?.name && <span class="dim address">{from.email}</span>}
        </p>
        <p class="to dim" dir="auto">
          to {shown.length > 0 ? shown.map((it) => (all ? `${called(it)} <${it.email}>` : called(it))).join(', ') : 'nobody named'}
          {recipients.length > shown.length && (
            <button type="button" class="link" onClick={() => setAll(true)}>
              and {recipients.length - shown.length} more
            </button>
          )}
        </p>
      </div>
      <time dateTime={message.receivedAt} class="dim">
        {fully(message.receivedAt)}
      </time>
      {message.security && (
        <p class="dim badge">{message.security.kind === 'signed' ? 'Signed, not checked' : 'Encrypted'}</p>
      )}
    </header>
  );
}
