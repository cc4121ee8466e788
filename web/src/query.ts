// What is typed into the search box: words, and conditions such as `from:maya`, `is:unread`, `has:file`, `before:2026-01-31`.
import type { Schema } from './api';

/** Nothing where nothing is asked for, such as by quotes with nothing in them. */
export function parseQuery(typed: string): Schema['SearchFilter'] | undefined {
  const and: Schema['SearchFilter'][] = [];
  for (const [, name, quoted, plain] of typed.matchAll(/(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)) {
    const value = quoted ?? plain ?? '';
    if (value.trim() === '') continue;
    const condition = named(name?.toLowerCase(), value);
    // What is no condition is searched as it was typed.
    and.push(condition ?? { text: name ? `${name}:${value}` : value });
  }
  return and.length > 1 ? { and } : and[0];
}

function named(name: string | undefined, value: string): Schema['SearchFilter'] | undefined {
  switch (name) {
    case 'from':
    case 'to':
    case 'cc':
    case 'subject':
    case 'body':
      return { [name]: value };
    case 'is':
      if (value === 'unread') return { unseen: true };
      if (value === 'read') return { unseen: false };
      if (value === 'flagged' || value === 'starred') return { flagged: true };
      return undefined;
    case 'has':
      return /^(file|attachment)s?$/.test(value) ? { hasAttachment: true } : undefined;
    case 'before':
    case 'since':
      return /^\d{4}-\d{2}-\d{2}$/.test(value) ? { [name]: value } : undefined;
    default:
      return undefined;
  }
}

/** Whether keywords decide what matches. */
export function asksForKeywords(filter: Schema['SearchFilter']): boolean {
  return filter.unseen !== undefined || filter.flagged !== undefined || (filter.and ?? []).some(asksForKeywords);
}
