// A second mail program, as far as the test needs one.
import { connect, type Socket } from 'node:net';

/** GreenMail ends a connection that was idle for 30 seconds. */
const IDLE_AT_MOST = 20_000;

export class ImapClient {
  private socket!: Socket;
  private received = '';
  private wake: () => void = () => {};
  private number = 0;
  private closed = true;
  private used = 0;
  private selected: string | undefined;

  private constructor(
    private readonly port: number,
    private readonly login: string,
  ) {}

  static async login(port: number, user: string, password: string): Promise<ImapClient> {
    const client = new ImapClient(port, `LOGIN ${user} ${password}`);
    await client.connect();
    return client;
  }

  private async connect(): Promise<void> {
    this.socket?.destroy();
    const socket = (this.socket = connect(this.port, '127.0.0.1'));
    this.received = '';
    this.closed = false;
    socket.setEncoding('latin1');
    socket.on('data', (octets: string) => {
      if (socket !== this.socket) return;
      this.received += octets;
      this.wake();
    });
    socket.on('close', () => {
      if (socket !== this.socket) return;
      this.closed = true;
      this.wake();
    });
    socket.on('error', () => {});
    await this.until(/^\* OK.*\r\n/m);
    await this.send(this.login);
    if (this.selected !== undefined) await this.send(`SELECT "${this.selected}"`);
  }

  async command(line: string, literal?: string): Promise<string> {
    if (this.closed || Date.now() - this.used > IDLE_AT_MOST) await this.connect();
    return this.send(line, literal);
  }

  private async send(line: string, literal?: string): Promise<string> {
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
    this.used = Date.now();
    if (!new RegExp(`^${tag} OK`, 'm').test(this.received)) throw new Error(`${line}: ${this.received}`);
    return this.received;
  }

  deliver(message: string, mailbox = 'INBOX'): Promise<string> {
    return this.command(`APPEND ${mailbox}`, message);
  }

  /** The UIDs of the messages with this word in the subject. */
  async find(subject: string, mailbox = 'INBOX'): Promise<string[]> {
    await this.command(`SELECT "${mailbox}"`);
    this.selected = mailbox;
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
