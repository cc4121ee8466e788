import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ok, reachable, Refused, type Schema } from '../api';
import { octets } from '../format';
import { open, openMessage, tellProblem } from '../mail';
import { Button, Icon } from './icons';
import { Dialog } from './overlays';

/** Larger files go straight to the disk by the browser's own means, as the memory of a page is no place for them. */
const HELD_AT_MOST = 100_000_000;

async function link(messageId: string, item: Schema['LinkRequestItem']): Promise<string> {
  const made = await ok(api.POST('/v1/messages/{messageId}/links', { params: { path: { messageId } }, body: { items: [item] } }));
  return reachable(made.items[0]!.url);
}

/** The file, and how much of it has come. */
async function fetchFile(url: string, size: number, onProgress: (part: number) => void, stop: AbortSignal): Promise<Blob> {
  const answer = await fetch(url, { signal: stop });
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => undefined));
  const total = Number(answer.headers.get('Content-Length')) || size;
  const pieces: BlobPart[] = [];
  let come = 0;
  const reader = answer.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    come += value.length;
    onProgress(total > 0 ? Math.min(1, come / total) : 0);
  }
  return new Blob(pieces, { type: answer.headers.get('Content-Type') ?? 'application/octet-stream' });
}

function save(url: string, name: string): void {
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
}

export function Attachments({ message }: { message: Schema['Message'] }) {
  const files = message.attachments.filter((it) => !it.inline);
  if (files.length === 0) return null;
  return (
    <section class="attachments" aria-label="Files">
      <ul>
        {files.map((it) => (
          <File key={it.partId} messageId={message.id} file={it} />
        ))}
      </ul>
      {files.length > 1 && (
        <Download
          class="link"
          name="attachments.zip"
          size={files.reduce((sum, it) => sum + it.estimatedSize, 0)}
          get={() => link(message.id, { file: 'attachments' })}
        >
          <Icon name="download" /> All {files.length} as ZIP
        </Download>
      )}
    </section>
  );
}

/** What a browser shows by itself. SVG is left out: it is a document. */
const PICTURE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

function File({ messageId, file }: { messageId: string; file: Schema['MessageAttachment'] }) {
  const [shown, setShown] = useState(false);
  const picture = PICTURE.test(file.type);
  const pdf = file.type === 'application/pdf';
  return (
    <li class="file">
      {file.messageId ? (
        <button
          type="button"
          class="file-open"
          onClick={() => {
            const id = file.messageId!;
            const within = open.value;
            openMessage({
              id, mailboxId: '', order: 0, keywords: { $seen: true }, subject: file.name, from: [], to: [], hasAttachment: false,
              messageIds: [id], size: 1, ...(within && { within }),
            });
          }}
        >
          <Icon name="mailClosed" />
          <span class="name" dir="auto">{file.name}</span>
          <span class="dim">{octets(file.estimatedSize)}</span>
        </button>
      ) : (
        <button type="button" class="file-open" disabled={!picture && !pdf} onClick={() => setShown(true)}>
          <Icon name={picture ? 'picture' : 'file'} />
          <span class="name" dir="auto">{file.name}</span>
          <span class="dim">{octets(file.estimatedSize)}</span>
        </button>
      )}
      <Download
        class="tool"
        label={`Download ${file.name}`}
        name={file.name}
        size={file.estimatedSize}
        get={() => link(messageId, { file: 'part', partId: file.partId, disposition: 'attachment' })}
      >
        <Icon name="download" />
      </Download>
      {shown && <Preview messageId={messageId} file={file} picture={picture} onClose={() => setShown(false)} />}
    </li>
  );
}

function Download(props: {
  class: string;
  label?: string;
  name: string;
  size: number;
  get: () => Promise<string>;
  children: preact.ComponentChildren;
}) {
  const [part, setPart] = useState<number | undefined>();
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  async function start(): Promise<void> {
    if (part !== undefined) {
      stop.current?.abort();
      return;
    }
    setPart(0);
    stop.current = new AbortController();
    try {
      const url = await props.get();
      if (props.size > HELD_AT_MOST) save(url, props.name);
      else {
        const blob = URL.createObjectURL(await fetchFile(url, props.size, setPart, stop.current.signal));
        save(blob, props.name);
        setTimeout(() => URL.revokeObjectURL(blob), 60_000);
      }
    } catch (error) {
      if (!stop.current.signal.aborted) tellProblem(error);
    } finally {
      setPart(undefined);
    }
  }

  return (
    <button
      type="button"
      class={props.class}
      aria-label={part === undefined ? props.label : `Cancel ${props.label ?? props.name}`}
      title={part === undefined ? props.label : 'Cancel'}
      onClick={() => void start()}
    >
      {part === undefined ? props.children : <progress value={part} max={1} aria-label="Download" />}
    </button>
  );
}

function Preview(props: { messageId: string; file: Schema['MessageAttachment']; picture: boolean; onClose: () => void }) {
  const { messageId, file, picture, onClose } = props;
  const [url, setUrl] = useState<string | undefined>();
  const [part, setPart] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let blob: string | undefined;
    link(messageId, { file: 'part', partId: file.partId, disposition: 'inline' })
      .then(async (made) => {
        if (picture) return made;
        // A linked file is sandboxed, in which browsers show no PDF.
        const content = await fetchFile(made, file.estimatedSize, setPart, stop.signal);
        return (blob = URL.createObjectURL(new Blob([content], { type: 'application/pdf' })));
      })
      .then(setUrl, (error: unknown) => {
        if (stop.signal.aborted) return;
        onClose();
        tellProblem(error);
      });
    return () => {
      stop.abort();
      if (blob) URL.revokeObjectURL(blob);
    };
  }, []);
  return (
    <Dialog label={file.name} class="preview-box" onClose={onClose}>
      <header>
        <h2 dir="auto">{file.name}</h2>
        <Button icon="close" label="Close" keys="Esc" onClick={onClose} />
      </header>
      {!url ? (
        <progress value={part} max={1} aria-label="Loading" />
      ) : picture ? (
        <img src={url} alt={file.name} />
      ) : (
        <iframe src={url} title={file.name} />
      )}
    </Dialog>
  );
}
