import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused, said, type Schema } from '../api';
import { codeClient, comeBack, discover, ended, goToProvider, Lookup, signIn } from '../session';

/** The name or address first; when it is an address, whose mail server it is decides what is asked for next. */
export function SignIn() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [found, setFound] = useState<Schema['DiscoveredServers'] | undefined>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>(ended.value);
  const secret = useRef<HTMLInputElement>(null);
  const [lookup] = useState(() => new Lookup(discover));
  const current = useRef('');

  useEffect(() => {
    void during(comeBack);
  }, []);
  useEffect(() => {
    if (asked) secret.current?.focus();
  }, [asked]);

  async function during(what: () => Promise<void>): Promise<void> {
    setBusy(true);
    try {
      await what();
    } catch (error) {
      const wrong = error instanceof Refused && error.code === 'authentication-failed';
      setProblem(wrong ? 'The mail server does not accept this name and password.' : said(error));
      secret.current?.select();
    } finally {
      setBusy(false);
    }
  }

  async function lookUp(): Promise<Schema['DiscoveredServers'] | undefined> {
    const servers = await lookup.of(name);
    if (current.current === name) setFound(servers);
    return servers;
  }

  async function submit(): Promise<void> {
    setProblem(undefined);
    const servers = await lookUp();
    const client = servers && codeClient(servers);
    if (client && !password) {
      await goToProvider(client, servers.server, name);
      return;
    }
    if (!password) {
      setAsked(true);
      secret.current?.focus();
      return;
    }
    await signIn({
      username: servers?.userName === 'localPart' ? name.replace(/@.*$/, '') : name,
      password,
      ...serverOf(servers),
    });
  }

  const client = found && codeClient(found);
  return (
    <main class="signin">
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void during(submit);
        }}
        aria-busy={busy}
      >
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M5 25V14.500a11 11 0 0 1 22 0V25z" />
          <path d="M16 12v13" />
          <circle cx="20.500" cy="18.500" r="1.300" />
        </svg>
        <h1>Sign in to your mail</h1>
        <p class="lead">With the name and password of your mail account.</p>
        <label>
          Name or address
          <input
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            value={name}
            onInput={(e) => {
              current.current = e.currentTarget.value.trim();
              setName(current.current);
              setFound(undefined);
            }}
            onBlur={() => void lookUp().catch(() => {})}
          />
        </label>
        <label>
          Password
          <input
            ref={secret}
            name="password"
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={(e) => setPassword(e.currentTarget.value)}
          />
        </label>
        {found && (
          <p class="server">
            {found.provider ?? found.imap.host}
            {found.provider && <span> · {found.imap.host}</span>}
            {found.hint && <span class="hint">{found.hint}</span>}
          </p>
        )}
        <p class="problem" role="alert">
          {problem}
        </p>
        <button class="primary" disabled={busy}>
          {busy ? 'One moment…' : 'Sign in'}
        </button>
        {client && (
          <button
            type="button"
            class="secondary"
            disabled={busy}
            onClick={() => void during(() => goToProvider(client, found.server, name))}
          >
            Sign in at {found.provider ?? client.provider}
          </button>
        )}
        <p class="small">Your password is sent once. This page keeps nothing: a reload signs you out.</p>
      </form>
    </main>
  );
}

function serverOf(servers: Schema['DiscoveredServers'] | undefined): Pick<Schema['Login'], 'server' | 'imap'> {
  if (servers?.server !== undefined) return { server: servers.server };
  const password = servers?.signIn.find((way) => way.allowed && (way.method === 'password' || way.method === 'appPassword'));
  const security = servers?.imap.security;
  if (!servers || !password || (security !== 'tls' && security !== 'starttls')) return {};
  return { imap: { host: servers.imap.host, port: servers.imap.port, security } };
}
