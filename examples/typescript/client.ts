// What the other examples share: requests, errors and repetitions. Runs in browsers and in Node, without dependencies.

/** An error of the gateway (`application/problem+json`): `code` is stable, the texts are for people. */
export class Problem extends Error {
  status = 0;
  code = "";
  retryable = false;
  retryAfter = 2;

  static async of(answer: Response): Promise<Problem> {
    const body = await answer.json().catch(() => ({})); // a proxy may answer something else
    const problem = new Problem(`${answer.status} ${body.code ?? ""}: ${body.detail ?? body.title ?? answer.statusText}`);
    // what a proxy answers tells as little as a lost connection
    const { code = "", retryable = !body.code && [429, 502, 503, 504].includes(answer.status) } = body;
    const retryAfter = Number(answer.headers.get("Retry-After")) || 2;
    return Object.assign(problem, { status: answer.status, code, retryable, retryAfter });
  }
}

export class Client {
  base: string;
  token = "";

  constructor(url: string) {
    this.base = `${url}/v1`;
  }

  async logIn(username: string, password: string): Promise<void> {
    this.token = "";
    this.token = (await this.call("POST", "/sessions", { username, password })).token;
  }

  /**
   * Sends a request, again if it has to be, and gives its answer. A request that was answered by nothing may have been
   * carried out: with the same Idempotency-Key it is not done twice. Requests that only read ignore the key.
   */
  async call(method: string, path: string, body?: object, key: string = crypto.randomUUID()): Promise<any> {
    const form = body instanceof FormData ? body : undefined;
    const json = { "Content-Type": "application/json" };
    const keyed = method === "POST";
    const headers = { ...(body && !form && json), ...(keyed && { "Idempotency-Key": key }) };
    return this.repeat(async () => {
      const signal = form ? null : AbortSignal.timeout(60_000); // a large file takes longer
      const answer = await this.fetch(path, { method, headers, body: form ?? JSON.stringify(body) ?? null, signal });
      return answer.status === 204 ? undefined : answer.json();
    }, keyed);
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, ...(this.token && { Authorization: `Bearer ${this.token}` }) };
    const answer = await fetch(this.base + path, { ...init, headers });
    if (!answer.ok) throw await Problem.of(answer);
    return answer;
  }

  /**
   * Tries up to five times: after a lost connection, after a problem that says it is `retryable`, and, where all tries
   * have one Idempotency-Key, after `outcome-unknown`: the gateway then finds out what was done.
   */
  async repeat<T>(attempt: () => Promise<T>, keyed = false): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (failure) {
        const problem = failure instanceof Problem ? failure : undefined;
        const again = !problem || problem.retryable || (keyed && problem.code === "outcome-unknown");
        if (tries === 5 || !again) throw failure;
        await new Promise((done) => setTimeout(done, 1000 * (problem?.retryAfter ?? tries)));
      }
    }
  }
}
