// Stands between an example and the gateway at POSTERN_URL, and does to it what networks and busy gateways do, once to
// each request: a download ends in its middle, the answer to a change is lost, a list is refused for a second, and a stream
// of events ends early. GET /faults tells what was done. Beside /v1 it serves the files of the folder in its argument.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';

const gateway = new URL(process.env.POSTERN_URL);
const faults = [];
const seen = new Set();

function fault({ method, url, headers }) {
  const path = url.split('?')[0];
  if (seen.has(method + path)) return undefined;
  seen.add(method + path);
  if (path.includes('/parts/')) return 'download';
  if (path.endsWith('/messages') && method === 'GET') return 'refusal';
  if (path.endsWith('/send') || (path.endsWith('/messages') && headers['idempotency-key'])) return 'lost answer';
  if (path.endsWith('/events') || path.includes('/links/events/')) return 'events';
  return undefined;
}

function refuse(response) {
  response.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' });
  response.end(JSON.stringify({ status: 503, code: 'server-unavailable', title: 'Busy', type: '/problems/server-unavailable', retryable: true }));
}

/** Lets a number of octets pass, and then resets the connection. */
function cut(answer, response, left) {
  answer.on('data', (octets) => {
    response.write(octets.subarray(0, Math.max(left, 0)), () => left <= 0 && response.destroy());
    left -= octets.length;
  });
}

const server = http.createServer(async (request, response) => {
  if (request.url === '/faults') return response.end(JSON.stringify(faults));
  if (!request.url.startsWith('/v1')) {
    const name = request.url === '/' ? 'index.html' : request.url;
    const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
    const file = await readFile(join(process.argv[2] ?? '', name)).catch(() => undefined);
    return file ? response.setHeader('Content-Type', type).end(file) : response.writeHead(404).end();
  }
  const kind = fault(request);
  if (kind) faults.push(kind);
  if (kind === 'refusal') return refuse(response);
  const options = { method: request.method, headers: request.headers, agent: false };
  const forwarded = http.request(new URL(request.url, gateway), options, (answer) => {
    if (kind === 'lost answer') {
      answer.resume().on('end', () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode, answer.headers);
    if (kind === 'download') cut(answer, response, Math.floor(answer.headers['content-length'] / 2));
    else if (kind === 'events') cut(answer, response, 100);
    else answer.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
  request.pipe(forwarded);
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
