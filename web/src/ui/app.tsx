import { useEffect } from 'preact/hooks';
import { said } from '../api';
import { composing, unsaved } from '../compose';
import { listenToKeys } from '../keyboard';
import { notice, online, open, place, question, reconnect, start, stop, tell } from '../mail';
import { session } from '../session';
import { Compose } from './compose';
import { refuseFiles } from './drop';
import { Confirm, Help, Toast } from './overlays';
import { MessageList } from './list';
import { Reader } from './reader';
import { Sidebar } from './sidebar';
import { SignIn } from './signin';
import { Icon } from './icons';

export function App() {
  useEffect(() => {
    const leaving = (e: BeforeUnloadEvent) => unsaved() && e.preventDefault();
    window.addEventListener('beforeunload', leaving);
    return () => window.removeEventListener('beforeunload', leaving);
  }, []);
  useEffect(() => refuseFiles(window), []);
  return session.value ? <Mail key={session.value.token} /> : <SignIn />;
}

function Mail() {
  useEffect(() => {
    void start().catch((error: unknown) => tell({ text: said(error), bad: true }));
    const end = listenToKeys();
    const offline = () => (online.value = false);
    window.addEventListener('online', reconnect);
    window.addEventListener('offline', offline);
    return () => {
      window.removeEventListener('online', reconnect);
      window.removeEventListener('offline', offline);
      end();
      stop();
    };
  }, []);

  return (
    <div class={`mail ${open.value ? 'reading' : ''} ${place.value?.kind === 'search' ? 'searching' : ''}`}>
      <Sidebar />
      <main>
        <MessageList />
        <Reader />
      </main>
      {composing.value && <Compose key={composing.value.key} draft={composing.value} />}
      {!online.value && (
        <p class="offline" role="status">
          <Icon name="cloud" /> No connection. What you have seen stays readable.
        </p>
      )}
      {notice.value && <Toast notice={notice.value} />}
      {question.value && <Confirm question={question.value} />}
      <Help />
    </div>
  );
}
