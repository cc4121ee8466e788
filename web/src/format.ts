import type { Schema } from './api';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const year = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** The time of today, the day of this year, or the date. */
export function briefly(instant: string | undefined, now = new Date()): string {
  if (!instant) return '';
  const date = new Date(instant);
  if (date.toDateString() === now.toDateString()) return time.format(date);
  return (date.getFullYear() === now.getFullYear() ? day : year).format(date);
}

export function fully(instant: string | undefined): string {
  return instant ? full.format(new Date(instant)) : '';
}

export function octets(size: number): string {
  let value = size;
  for (const unit of ['B', 'kB', 'MB']) {
    if (value < 1000) return `${value < 10 && unit !== 'B' ? value.toFixed(1) : Math.round(value)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(1)} GB`;
}

export function called(address: Schema['EmailAddress'] | undefined): string {
  return address ? (address.name ?? address.email) : '';
}

/** The one or two letters of a round picture. */
export function initials(name: string): string {
  const words = name.replace(/[^\p{L}\p{N} ]/gu, ' ').trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...words.at(-1)!][0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** One of eight colours, the same for the same name. */
export function hue(name: string): number {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + c.codePointAt(0)!) >>> 0;
  return sum % 8;
}

/** Addresses as people type them, separated by commas or semicolons outside of quotes and angle brackets. */
export function parseAddresses(text: string): Schema['EmailAddress'][] {
  const pieces: string[] = [];
  let piece = '';
  let quoted = false;
  let angle = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    else if (c === '<') angle = !quoted;
    else if (c === '>') angle = false;
    if ((c === ',' || c === ';' || c === '\n') && !quoted && !angle) {
      pieces.push(piece);
      piece = '';
    } else piece += c;
  }
  pieces.push(piece);
  return pieces
    .map((it) => it.trim())
    .filter(Boolean)
    .map((it) => {
      const match = /^(.*)<([^<>]*)>$/s.exec(it);
      if (!match) return { email: it };
      const name = match[1]!.trim().replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1');
      const email = match[2]!.trim();
      return name ? { name, email } : { email };
    });
}

export function writeAddresses(addresses: readonly Schema['EmailAddress'][]): string {
  return addresses
    .map((it) => {
      if (!it.name) return it.email;
      const name = /[,;:<>@"\\()[\]]/.test(it.name) ? `"${it.name.replace(/(["\\])/g, '\\$1')}"` : it.name;
      return `${name} <${it.email}>`;
    })
    .join(', ');
}
