// Signing in and out. The token is in memory; a sign-in at a provider leaves the page, and keeps in `sessionStorage` what
// belongs to the answer: the state, and the secret behind the code challenge (RFC 7636).
import { signal } from '@preact/signals';
import { api, ok, Refused, useToken, whenSessionEnds, type Schema } from './api';

export const session = signal<Schema['NewSession'] | undefined>(undefined);
/** Why there is none any more. */
export const ended = signal<string | undefined>(undefined);

const PENDING = 'postern-sign-in';

interface PendingSignIn {
  state: string;
  verifier: string;
  provider: string;
  redirectUri: string;
  server?: string;
  username: string;
}

whenSessionEnds((code) => {
  if (session.value) forget(code === 'session-expired' ? 'Your session has ended. Sign in again.' : undefined);
});

/** Which servers have the mail of an address; undefined where nobody knows, so that the gateway's own is tried. */
export async function discover(email: string): Promise<Schema['DiscoveredServers'] | undefined> {
  try {
    return await ok(api.POST('/v1/discovery', { body: { email } }));
  } catch (error) {
    if (error instanceof Refused && [400, 403, 404, 422].includes(error.status)) return undefined;
    throw error;
  }
}

/** What was found out about the name in the form: about that name and no other, for the password goes to that server. */
export class Lookup {
  private asked: { name: string; answer: Promise<Schema['DiscoveredServers'] | undefined> } | undefined;

  constructor(private readonly ask: typeof discover) {}

  /** One question for each name; one that failed is asked again. */
  of(name: string): Promise<Schema['DiscoveredServers'] | undefined> {
    if (!name.includes('@')) return Promise.resolve(undefined);
    if (this.asked?.name === name) return this.asked.answer;
    const asked = { name, answer: this.ask(name) };
    this.asked = asked;
    asked.answer.catch(() => {
      if (this.asked === asked) this.asked = undefined;
    });
    return asked.answer;
  }
}

export async function signIn(login: Schema['Login']): Promise<void> {
  begin(await ok(api.POST('/v1/sessions', { body: login })));
}

function begin(fresh: Schema['NewSession']): void {
  useToken(fresh.token);
  ended.value = undefined;
  session.value = fresh;
}

/** Where it throws, the session goes on. */
export async function signOut(): Promise<void> {
  await ok(api.DELETE('/v1/sessions/current'));
  leave();
}

/** Forgets the session, which goes on at the gateway where it was not ended there. */
export function leave(): void {
  forget(undefined);
}

function forget(why: string | undefined): void {
  useToken(undefined);
  ended.value = why;
  session.value = undefined;
}

/** The way of these that a code can be got by, with a registration that may come back to this page. */
export function codeClient(found: Schema['DiscoveredServers']): Schema['SignInClient'] | undefined {
  return found.signIn
    .filter((way) => way.allowed)
    .flatMap((way) => way.oauth?.clients ?? [])
    .find((client) => client.authorizationEndpoint && client.redirectUris.includes(here()));
}

function here(): string {
  return location.origin + location.pathname;
}

/** Leaves for the provider, which sends the user back to this page with a code. */
export async function goToProvider(client: Schema['SignInClient'], server: string | undefined, username: string): Promise<void> {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
  const pending: PendingSignIn = {
    state: base64url(crypto.getRandomValues(new Uint8Array(16))),
    verifier,
    provider: client.provider,
    redirectUri: here(),
    username,
    ...(server !== undefined && { server }),
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const url = new URL(client.authorizationEndpoint!);
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: pending.redirectUri,
    scope: client.scopes.join(' '),
    state: pending.state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    login_hint: username,
    ...client.authorizationParameters,
  };
  for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
  location.assign(url);
}

/** Coming back from a provider: true where the address of the page was its answer. */
export async function comeBack(): Promise<void> {
  const answer = new URLSearchParams(location.search);
  const stored = sessionStorage.getItem(PENDING);
  if (!answer.has('state') || !stored) return;
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', location.pathname);
  const { state, verifier, provider, redirectUri, server, username } = JSON.parse(stored) as PendingSignIn;
  if (answer.get('state') !== state) throw new Error('This answer belongs to another sign-in. Try again.');
  const code = answer.get('code');
  if (!code) throw new Error(answer.get('error_description') ?? 'The provider did not let you in.');
  await signIn({
    provider,
    code,
    codeVerifier: verifier,
    redirectUri,
    ...(server !== undefined && { server }),
    ...(username && { username }),
  });
}

function base64url(octets: Uint8Array): string {
  return btoa(String.fromCharCode(...octets)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
