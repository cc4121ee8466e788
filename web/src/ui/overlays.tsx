import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { notice as noticeSignal, type Notice, type Question } from '../mail';
import { Button } from './icons';

export const helpOpen = signal(false);

/** What is closed gives the focus back to where it was before, so that keys go on there, unless it has gone elsewhere since. */
export function useReturnedFocus(): void {
  const before = useRef(document.activeElement);
  // An effect of the layout: any other one begins after the page is painted, and what is closed before that would give nothing back.
  useLayoutEffect(
    () => () =>
      // After what is closed has gone from the page, with the focus.
      queueMicrotask(() => {
        if (document.activeElement === document.body && before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
      }),
    [],
  );
}

export function Dialog(props: { label: string; class?: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useReturnedFocus();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={props.class}
      aria-label={props.label}
      onCancel={(e) => {
        e.preventDefault();
        props.onClose();
      }}
      onClick={(e) => {
        if (e.target === dialog.current) props.onClose();
      }}
    >
      {props.children}
    </dialog>
  );
}

export function Confirm({ question }: { question: Question }) {
  return (
    <Dialog label="Question" class="confirm" onClose={() => question.answer(false)}>
      <p>{question.text}</p>
      <div class="buttons">
        <button type="button" class="secondary" onClick={() => question.answer(false)}>
          Cancel
        </button>
        <button type="button" class="primary" onClick={() => question.answer(true)}>
          {question.yes}
        </button>
      </div>
    </Dialog>
  );
}

export function Toast({ notice }: { notice: Notice }) {
  return (
    <div class={notice.bad ? 'toast bad' : 'toast'} role={notice.bad ? 'alert' : 'status'}>
      <span>{notice.text}</span>
      {notice.undo && (
        <button type="button" class="link" title="Undo (z)" onClick={() => undo(notice)}>
          Undo
        </button>
      )}
      <Button icon="close" label="Dismiss" onClick={() => (noticeSignal.value = undefined)} />
    </div>
  );
}

export function undo(notice: Notice | undefined): void {
  if (!notice?.undo) return;
  noticeSignal.value = undefined;
  void notice.undo();
}

const KEYS: [string, string][] = [
  ['j / k', 'next, previous'],
  ['Enter', 'open'],
  ['u', 'back to the list'],
  ['x', 'select'],
  ['e', 'archive'],
  ['#', 'delete'],
  ['!', 'junk'],
  ['s', 'flag'],
  ['I / U', 'mark as read, as unread'],
  ['z', 'undo'],
  ['r / a / l', 'reply, to all, to the list'],
  ['f', 'forward'],
  ['c', 'write'],
  ['/', 'search'],
  ['g i / s / d', 'inbox, sent, drafts'],
  ['Ctrl Enter', 'send'],
  ['?', 'these keys'],
];

export function Help() {
  if (!helpOpen.value) return null;
  const close = () => (helpOpen.value = false);
  return (
    <Dialog label="Keyboard" class="help" onClose={close}>
      <header>
        <h2>Keyboard</h2>
        <Button icon="close" label="Close" keys="Esc" onClick={close} />
      </header>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
