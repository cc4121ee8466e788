// A second mail program, as far as the test needs one.
import { connect, type Socket } from 'node:net';

export class ImapClient {
  private received = '';
  private wake: () => void = () => {};
  private number = 0;
  private closed = false;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (octets: string) => {
      this.received += octets;
      this.wake();
    });
    socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
    socket.on('error', () => {});
  }

  static async login(port: number, user: string, password: string): Promise<ImapClient> {
    const client = new ImapClient(connect(port, '127.0.0.1'));
    await client.until(/^\* OK.*\r\n/m);
    await client.command(`LOGIN ${user} ${password}`);
    return client;
  }

  async command(line: string, literal?: string): Promise<string> {
    const tag = `a${++this.number}`;
    this.received = '';
    if (literal === undefined) this.socket.write(`${tag} ${line}\r\n`);
    else {
      const octets = Buffer.from(literal.replace(/\r?\n/g, '\r\n'));
      this.socket.write(`${tag} ${line} {${octets.length}}\r\n`);
      await this.until(/^\+.*\r\n/m);
      this.socket.write(octets);
      this.socket.write('\r\n');
    }
    await this.until(new RegExp(`^${tag} .*\r\n`, 'm'));
    if (!new RegExp(`^${tag} OK`, 'm').test(this.received)) throw new Error(`${line}: ${this.received}`);
    return this.received;
  }

  deliver(message: string, mailbox = 'INBOX'): Promise<string> {
    return this.command(`APPEND ${mailbox}`, message);
  }

  /** The UIDs of the messages with this word in the subject. */
  async find(subject: string, mailbox = 'INBOX'): Promise<string[]> {
    await this.command(`SELECT "${mailbox}"`);
    const found = /^\* SEARCH(.*)$/m.exec(await this.command(`UID SEARCH SUBJECT "${subject}"`));
    return found?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
  }

  async remove(subject: string, mailbox = 'INBOX'): Promise<void> {
    for (const uid of await this.find(subject, mailbox)) await this.command(`UID STORE ${uid} +FLAGS (\\Deleted)`);
    await this.command('EXPUNGE');
  }

  end(): void {
    this.socket.destroy();
  }

  private async until(what: RegExp): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.wake();
    }, 45_000);
    try {
      while (!what.test(this.received)) {
        if (this.closed) throw new Error('the mail server has closed the connection');
        if (late) throw new Error(`the mail server does not answer: ${what}`);
        await new Promise<void>((done) => (this.wake = done));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
