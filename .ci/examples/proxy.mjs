// Stands between an example and the gateway at POSTERN_URL, and does to it what networks and busy gateways do, once to
// each request: a download ends in its middle; the answer to a change is lost, and its repetition is told that the
// change is under way, and then that its outcome is unknown; a list is refused for a second, and then ends in its middle; a
// stream of events ends early, and then is refused. GET /faults tells what was done. With LOSE=sent all answers
// to /send are lost, until GET /lose-no-more. Beside /v1 it serves the files of the folder in its argument.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';

const gateway = new URL(process.env.POSTERN_URL);
const faults = [];
const seen = new Map();
let losing = process.env.LOSE === 'sent'; // not a number of times, as browsers repeat by themselves, too

function fault({ method, url }) {
  const path = url.split('?')[0].replace(/(\/links\/events\/).*/, '$1');
  if (losing && path.endsWith('/send')) return 'lost answer';
  const times = (seen.get(method + path) ?? 0) + 1;
  seen.set(method + path, times);
  return kinds(method, path)[times - 1];
}

function kinds(method, path) {
  if (path.includes('/parts/')) return ['download'];
  if (path.endsWith('/events') || path.includes('/links/events/')) return ['events', 'server-unavailable'];
  if (path.endsWith('/messages') && method === 'GET') return ['server-unavailable', 'cut answer'];
  if (path.endsWith('/send') || path.endsWith('/messages')) {
    return ['lost answer', 'request-in-progress', 'outcome-unknown'];
  }
  return [];
}

const statuses = { 'server-unavailable': 503, 'request-in-progress': 409, 'outcome-unknown': 502 };

function refuse(response, code) {
  const status = statuses[code];
  const retryable = code !== 'outcome-unknown';
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...(retryable && { 'Retry-After': '1' }) });
  response.end(JSON.stringify({ status, code, title: code, type: `/problems/${code}`, retryable }));
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
  if (request.url === '/lose-no-more') {
    losing = false;
    return response.end();
  }
  if (!request.url.startsWith('/v1')) {
    const name = request.url === '/' ? 'index.html' : request.url;
    const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
    const file = await readFile(join(process.argv[2] ?? '', name)).catch(() => undefined);
    return file ? response.setHeader('Content-Type', type).end(file) : response.writeHead(404).end();
  }
  const kind = fault(request);
  if (kind) faults.push(kind);
  if (statuses[kind]) return request.resume().on('end', () => refuse(response, kind));
  const options = { method: request.method, headers: request.headers, agent: false };
  const forwarded = http.request(new URL(request.url, gateway), options, (answer) => {
    if (kind === 'lost answer') {
      answer.resume().on('end', () => response.destroy());
      return;
    }
    response.writeHead(answer.statusCode, answer.headers);
    if (kind === 'download') cut(answer, response, Math.floor(answer.headers['content-length'] / 2));
    else if (kind === 'events' || kind === 'cut answer') cut(answer, response, 100);
    else answer.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
  request.pipe(forwarded);
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
