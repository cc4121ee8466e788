package postern.imap.client.command;

import postern.imap.message.UidSet;

/** UID EXPUNGE (RFC 4315 §2.1), and the plain EXPUNGE of all messages marked \Deleted. */
public final class ExpungeCommand {

    private ExpungeCommand() {}

    public static SimpleCommand of(UidSet uids) {
        return new SimpleCommand("EXPUNGE", line -> line.uid("EXPUNGE", uids));
    }

    public static SimpleCommand ofAllMarked() {
        return new SimpleCommand("EXPUNGE", line -> line.words("EXPUNGE"));
    }
}
