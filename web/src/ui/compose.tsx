import { useEffect, useRef, useState } from 'preact/hooks';
import { composing, writeInto, writtenHtml, type Draft, type Fields } from '../compose';
import { octets } from '../format';
import { Button, Icon } from './icons';

/** How often it is looked whether something was written. */
const TICK = 2_000;

export function Compose({ draft }: { draft: Draft }) {
  const [copies, setCopies] = useState(draft.fields.value.cc !== '' || draft.fields.value.bcc !== '');
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const editor = useRef<HTMLIFrameElement>(null);
  const { from, to, cc, bcc, subject } = draft.fields.value;
  const sending = draft.status.value === 'sending';
  const { locked } = draft;

  useEffect(() => {
    const tick = setInterval(() => void draft.saveQuietly(), TICK);
    return () => clearInterval(tick);
  }, []);

  async function send(): Promise<void> {
    if ((await draft.send()) && composing.value === draft) composing.value = undefined;
  }

  async function close(): Promise<void> {
    if ((await draft.close()) && composing.value === draft) composing.value = undefined;
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

  const text = (name: keyof Fields, label: string, value: string, focus = false) => (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        value={value}
        dir="auto"
        autocomplete="off"
        autofocus={focus}
        onInput={(e) => draft.set(name, e.currentTarget.value)}
      />
    </label>
  );
  const files = draft.files.value.filter((it) => it.cid === undefined);

  return (
    <section
      class={over ? 'compose over' : 'compose'}
      role="dialog"
      aria-label={subject || 'New message'}
      onKeyDown={keys}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        add(e.dataTransfer?.files ?? []);
      }}
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
          {text('to', 'To', to, to === '')}
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
      <Editor draft={draft} frame={editor} onKeys={keys} onPicture={show} focus={to !== ''} />
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
      {draft.note !== undefined && <p class="blocked">{draft.note}</p>}
      {draft.problem.value !== undefined && (
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
          onClick={() => {
            if (draft.locked) return;
            composing.value = undefined;
            void draft.discard();
          }}
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

/** A document of its own, like that of a message that is read: what is quoted or pasted can do nothing here either. */
function Editor(props: {
  draft: Draft;
  frame: { current: HTMLIFrameElement | null };
  onKeys: (e: KeyboardEvent) => void;
  onPicture: (file: File) => void;
  focus: boolean;
}) {
  const { draft, frame, onKeys, onPicture, focus } = props;
  useEffect(() => {
    const element = frame.current!;
    const fill = () => {
      const inner = element.contentDocument!;
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
      inner.addEventListener('paste', (e) => {
        const picture = [...(e.clipboardData?.files ?? [])].find((it) => it.type.startsWith('image/'));
        if (!picture) return;
        e.preventDefault();
        onPicture(picture);
      });
      draft.begin(() => writtenHtml(inner.body));
      if (focus) inner.body.focus();
    };
    element.addEventListener('load', fill, { once: true });
    element.src = 'frame';
    return () => draft.rest();
  }, []);
  const { locked } = draft;
  useEffect(() => {
    const text = frame.current?.contentDocument?.body;
    if (text?.isContentEditable || text?.contentEditable === 'false') text.contentEditable = String(!locked);
  }, [locked]);
  return <iframe ref={frame} class="editor" title="Text" sandbox="allow-same-origin" inert={locked} />;
}
