import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { composing, writeInto, writtenHtml, type Draft, type Fields } from '../compose';
import { octets } from '../format';
import { ask } from '../mail';
import { hasFiles } from './drop';
import { Button, Icon } from './icons';
import { useReturnedFocus } from './overlays';

/** How often it is looked whether something was written. */
const TICK = 2_000;
/** After which a text that did not come is asked for again. */
const RETRY = 5_000;

export function Compose({ draft }: { draft: Draft }) {
  useReturnedFocus();
  const [copies, setCopies] = useState(draft.fields.value.cc !== '' || draft.fields.value.bcc !== '');
  const [over, setOver] = useState(false);
  const [missing, setMissing] = useState(false);
  const whole = useRef<HTMLElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const editor = useRef<HTMLIFrameElement>(null);
  /** Goes back to where was written before it was sent. */
  const place = useRef<(() => void) | undefined>(undefined);
  const { from, to, cc, bcc, subject } = draft.fields.value;
  const sending = draft.status.value === 'sending';
  const { locked } = draft;

  // At once, so that no key goes to what is behind it; `autofocus` does nothing in a document that had a focus before. The text
  // of a reply takes it when it is there.
  useLayoutEffect(() => {
    const first = to === '' ? whole.current?.querySelector<HTMLInputElement>('[name=to]') : whole.current;
    first?.focus();
  }, []);

  // What is locked loses the focus. Whoever sent goes on writing where they were when it was refused, unless they went elsewhere.
  useLayoutEffect(() => {
    const back = place.current;
    if (locked || !back) return;
    place.current = undefined;
    if (document.activeElement === document.body || whole.current?.contains(document.activeElement)) back();
  }, [locked]);

  useEffect(() => {
    const tick = setInterval(() => void draft.saveQuietly(), TICK);
    return () => clearInterval(tick);
  }, []);

  async function send(): Promise<void> {
    if (!draft.locked) place.current = placeIn(editor.current);
    if ((await draft.send()) && composing.value === draft) composing.value = undefined;
  }

  async function close(): Promise<void> {
    if ((await draft.close()) && composing.value === draft) composing.value = undefined;
  }

  /** There is no way back: the draft does not go to the trash. */
  async function discard(): Promise<void> {
    const back = placeIn(editor.current);
    if (draft.written && !(await ask('Discard what you wrote? The draft is deleted for good.', 'Discard'))) return back();
    if (draft.locked || composing.value !== draft) return;
    composing.value = undefined;
    void draft.discard();
  }

  function keys(e: KeyboardEvent): void {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void send();
    else if (e.key === 'Escape') void close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  function add(files: Iterable<File>): void {
    if (!draft.locked) for (const file of files) draft.add(file);
  }

  /** Of the window, and of the document of the text, whose events do not come out of it. */
  function drag(e: DragEvent): void {
    const over = e.type === 'dragover' && hasFiles(e);
    setOver(over);
    if (over || (e.type === 'drop' && hasFiles(e))) e.preventDefault();
    if (e.type === 'drop') add(e.dataTransfer?.files ?? []);
  }

  function show(file: File): void {
    const inner = editor.current?.contentDocument;
    if (!inner || !file.type.startsWith('image/')) return;
    const cid = `${crypto.randomUUID()}@inbox`;
    const reader = new FileReader();
    reader.onload = () => {
      if (draft.locked) return;
      draft.add(file, cid);
      draft.pictures = new Map([...draft.pictures, [cid, String(reader.result)]]);
      const img = inner.createElement('img');
      img.src = String(reader.result);
      img.alt = file.name;
      img.dataset['cid'] = cid;
      const range = inner.getSelection()?.rangeCount ? inner.getSelection()!.getRangeAt(0) : undefined;
      if (range && inner.body.contains(range.startContainer)) range.insertNode(img);
      else inner.body.prepend(img);
    };
    reader.readAsDataURL(file);
  }

  const text = (name: keyof Fields, label: string, value: string) => (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        value={value}
        dir="auto"
        autocomplete="off"
        onInput={(e) => draft.set(name, e.currentTarget.value)}
      />
    </label>
  );
  const files = draft.files.value.filter((it) => it.cid === undefined);

  return (
    <section
      ref={whole}
      class={over ? 'compose over' : 'compose'}
      role="dialog"
      tabIndex={-1}
      aria-label={subject || 'New message'}
      onKeyDown={keys}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={drag}
    >
      <header>
        <h2 dir="auto">{subject || 'New message'}</h2>
        <span class="status" role="status">
          {STATUS[draft.status.value]}
        </span>
        <Button icon="close" label="Keep as a draft and close" keys="Esc" disabled={sending} onClick={() => void close()} />
      </header>
      <div class="fields" inert={locked}>
        {(from === '' || from.includes('*')) && text('from', 'From', from)}
        <div class="with-copies">
          {text('to', 'To', to)}
          {!copies && (
            <button type="button" class="link" onClick={() => setCopies(true)}>
              Cc Bcc
            </button>
          )}
        </div>
        {copies && text('cc', 'Cc', cc)}
        {copies && text('bcc', 'Bcc', bcc)}
        {text('subject', 'Subject', subject)}
      </div>
      <Editor draft={draft} frame={editor} onKeys={keys} onDrag={drag} onPicture={show} onMissing={setMissing} focus={to !== ''} />
      {files.length > 0 && (
        <ul class="files" inert={locked}>
          {files.map((it) => (
            <li key={it.key} class="file">
              <Icon name="clip" />
              <span class="name" dir="auto">
                {it.name}
              </span>
              <span class="dim">{octets(it.size)}</span>
              {it.file && it.partId === undefined && (draft.status.value === 'saving' || sending) && <progress value={draft.progress.value} max={1} aria-label="Upload" />}
              <Button icon="close" label={`Remove ${it.name}`} onClick={() => draft.remove(it.key)} />
            </li>
          ))}
        </ul>
      )}
      {missing && <p class="problem" role="alert">The text could not be loaded. It is tried again, and what you write above is kept.</p>}
      {draft.note !== undefined && <p class="blocked">{draft.note}</p>}
      {draft.warning.value !== undefined && (
        <p class="blocked" role="alert">
          <span>{draft.warning.value}</span>
          <button type="button" class="link" onClick={() => (draft.warning.value = undefined)}>
            Dismiss
          </button>
        </p>
      )}
      {draft.problem.value !== undefined && draft.problem.value !== draft.warning.value && (
        <p class="problem" role="alert">
          {draft.problem.value}
        </p>
      )}
      <footer>
        <button type="button" class="primary" disabled={sending} title="Send (Ctrl Enter)" onClick={() => void send()}>
          <Icon name="sent" /> {sending ? 'Sending…' : 'Send'}
        </button>
        <Button icon="clip" label="Attach files" disabled={locked} onClick={() => picker.current?.click()} />
        <Button icon="picture" label="Put a picture into the text" disabled={locked} onClick={() => pictures.current?.click()} />
        <span class="gap" />
        <Button
          icon="trash"
          label="Discard"
          disabled={locked}
          onClick={() => void discard()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={(e) => {
            add(e.currentTarget.files ?? []);
            e.currentTarget.value = '';
          }}
        />
        <input
          ref={pictures}
          type="file"
          accept="image/*"
          hidden
          aria-label="Picture"
          onChange={(e) => {
            const file = e.currentTarget.files?.[0];
            if (file) show(file);
            e.currentTarget.value = '';
          }}
        />
      </footer>
    </section>
  );
}

const STATUS = {
  '': '', saving: 'Saving…', saved: 'Saved', unsaved: 'Not saved', sending: 'Sending…', unsent: 'Not sent', unanswered: 'Not known',
};

const STYLE = `:root{color-scheme:light dark}html,body{height:100%;margin:0}
body{box-sizing:border-box;padding:12px 20px;font:15px/1.5 system-ui,sans-serif;overflow-wrap:break-word;outline:none}
p{margin:0 0 .6em}img{max-width:100%}pre{white-space:pre-wrap}
blockquote{margin:0 0 0 .4em;padding-inline-start:.8em;border-inline-start:2px solid #8886}`;

/** The field, or the place in the text, that has the focus or had it last. */
function placeIn(editor: HTMLIFrameElement | null): () => void {
  const focused = document.activeElement;
  if (focused instanceof HTMLInputElement) return () => focused.focus();
  const inner = editor?.contentDocument;
  const caret = inner?.getSelection()?.rangeCount ? inner.getSelection()!.getRangeAt(0).cloneRange() : undefined;
  return () => {
    inner?.body.focus();
    if (!caret) return;
    inner?.getSelection()?.removeAllRanges();
    inner?.getSelection()?.addRange(caret);
  };
}

/** Not the page of a browser or a proxy that says why there is none. */
function isFrame(inner: Document | null): inner is Document {
  return inner?.title === 'Message' && inner.body.childNodes.length === 0;
}

/** A document of its own, like that of a message that is read: what is quoted or pasted can do nothing here either. */
function Editor(props: {
  draft: Draft;
  frame: { current: HTMLIFrameElement | null };
  onKeys: (e: KeyboardEvent) => void;
  onDrag: (e: DragEvent) => void;
  onPicture: (file: File) => void;
  /** The frame of the text did not come, or came after all. */
  onMissing: (missing: boolean) => void;
  focus: boolean;
}) {
  const { draft, frame, onKeys, onDrag, onPicture, onMissing, focus } = props;
  useEffect(() => {
    const element = frame.current!;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const load = () => {
      clearTimeout(retry);
      element.src = 'frame';
    };
    const loaded = () => {
      const inner = element.contentDocument;
      if (inner?.URL === 'about:blank') return;
      const there = isFrame(inner);
      onMissing(!there);
      if (!there) {
        retry = setTimeout(load, RETRY);
        return;
      }
      stopTrying();
      fill(inner);
    };
    const stopTrying = () => {
      clearTimeout(retry);
      element.removeEventListener('load', loaded);
      window.removeEventListener('online', load);
    };
    const fill = (inner: Document) => {
      const style = inner.createElement('style');
      style.textContent = STYLE;
      inner.head.append(style);
      writeInto(inner.body, draft.html || '<p><br></p>', draft.pictures);
      inner.documentElement.lang = document.documentElement.lang;
      inner.title = 'Text';
      inner.body.contentEditable = String(!draft.locked);
      inner.body.dir = 'auto';
      inner.body.setAttribute('role', 'textbox');
      inner.body.setAttribute('aria-multiline', 'true');
      inner.body.setAttribute('aria-label', 'Text');
      inner.addEventListener('keydown', onKeys);
      for (const name of ['dragover', 'dragleave', 'drop'] as const) inner.addEventListener(name, onDrag);
      inner.addEventListener('paste', (e) => {
        const picture = [...(e.clipboardData?.files ?? [])].find((it) => it.type.startsWith('image/'));
        if (!picture) return;
        e.preventDefault();
        onPicture(picture);
      });
      draft.begin(() => writtenHtml(inner.body));
      // A text that came late takes it from no field.
      if (focus && !(document.activeElement instanceof HTMLInputElement)) inner.body.focus();
    };
    element.addEventListener('load', loaded);
    window.addEventListener('online', load);
    load();
    return () => {
      stopTrying();
      draft.rest();
    };
  }, []);
  const { locked } = draft;
  // Before the focus goes back to it.
  useLayoutEffect(() => {
    const text = frame.current?.contentDocument?.body;
    if (text?.isContentEditable || text?.contentEditable === 'false') text.contentEditable = String(!locked);
  }, [locked]);
  return <iframe ref={frame} class="editor" title="Text" sandbox="allow-same-origin" inert={locked} />;
}
