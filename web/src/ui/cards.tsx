import type { Schema } from '../api';
import { called } from '../format';
import { Icon } from './icons';

const METHODS: Record<string, string> = { request: 'Invitation', reply: 'Answer to an invitation', cancel: 'Called off' };

export function CalendarCards({ calendar }: { calendar: Schema['Calendar'] }) {
  return (
    <>
      {calendar.events.map((event, i) => (
        <section key={i} class={event.status === 'cancelled' || calendar.method === 'cancel' ? 'card off' : 'card'} aria-label="Event">
          <Icon name="calendar" />
          <div>
            <p class="kind">{METHODS[calendar.method ?? ''] ?? 'Event'}</p>
            <h2 dir="auto">{event.summary ?? 'An event without a name'}</h2>
            <p>{span(event.start, event.end)}</p>
            {event.location && <p dir="auto">{event.location}</p>}
            {event.organizer && <p class="dim">By {named(event.organizer)}</p>}
            {event.attendees.length > 0 && (
              <p class="dim" dir="auto">
                With {event.attendees.slice(0, 6).map(named).join(', ')}
                {event.attendees.length > 6 && ` and ${event.attendees.length - 6} more`}
              </p>
            )}
            {event.recurrenceRule && <p class="dim">It recurs.</p>}
          </div>
        </section>
      ))}
    </>
  );
}

function named(who: Schema['CalendarParticipant']): string {
  return who.name ?? who.email ?? 'somebody';
}

const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' });
const dayUtc = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** In the reader's own time where it is known when that is; otherwise as it is written. */
export function span(start: Schema['CalendarTime'] | undefined, end: Schema['CalendarTime'] | undefined): string {
  if (!start) return '';
  if (start.instant) {
    const from = new Date(start.instant);
    const to = end?.instant ? new Date(end.instant) : undefined;
    if (!to) return `${day.format(from)}, ${clock.format(from)}`;
    return from.toDateString() === to.toDateString()
      ? `${day.format(from)}, ${clock.format(from)} – ${clock.format(to)}`
      : `${day.format(from)}, ${clock.format(from)} – ${day.format(to)}, ${clock.format(to)}`;
  }
  const first = dayUtc.format(new Date(`${start.date}T00:00Z`));
  if (start.time) return `${first}, ${start.time}${start.timeZone ? ` (${start.timeZone})` : ''}`;
  if (!end) return first;
  // The end of whole days is the day after.
  const last = new Date(Date.parse(`${end.date}T00:00Z`) - 86_400_000);
  const lastDay = dayUtc.format(last);
  return lastDay === first ? first : `${first} – ${lastDay}`;
}

const ACTIONS: Record<string, string> = {
  failed: 'was not delivered', delayed: 'is delayed', delivered: 'was delivered', relayed: 'was passed on', expanded: 'was passed on to a list',
};

export function Reports({ message }: { message: Schema['Message'] }) {
  const { deliveryReport, readReceipt, feedbackReport } = message;
  return (
    <>
      {deliveryReport?.recipients.map((it, i) => (
        <section key={i} class={it.action === 'failed' ? 'card off' : 'card'} aria-label="Delivery report">
          <Icon name={it.action === 'failed' ? 'junk' : 'check'} />
          <div>
            <p class="kind">Delivery report</p>
            <h2>
              Your message to {it.originalAddress ?? it.address} {ACTIONS[it.action ?? ''] ?? 'was answered'}
            </h2>
            {it.diagnostic && <p class="dim" dir="auto">{it.diagnostic}</p>}
          </div>
        </section>
      ))}
      {readReceipt && (
        <section class="card" aria-label="Read receipt">
          <Icon name="mailOpen" />
          <div>
            <p class="kind">Receipt</p>
            <h2>{readReceipt.disposition === 'deleted' ? 'Your message was deleted' : 'Your message was displayed'}</h2>
            {readReceipt.recipient && <p class="dim">{called({ email: readReceipt.recipient })}</p>}
          </div>
        </section>
      )}
      {feedbackReport && (
        <section class="card off" aria-label="Complaint">
          <Icon name="junk" />
          <div>
            <p class="kind">Complaint</p>
            <h2>A recipient reported your message{feedbackReport.feedbackType ? ` (${feedbackReport.feedbackType})` : ''}</h2>
          </div>
        </section>
      )}
    </>
  );
}
