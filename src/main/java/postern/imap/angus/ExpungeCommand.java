package postern.imap.angus;

import postern.imap.UidSet;

/** UID EXPUNGE (RFC 4315 §2.1), and the EXPUNGE that takes whatever is marked. */
final class ExpungeCommand {

    private ExpungeCommand() {}

    static SimpleCommand of(UidSet uids) {
        return new SimpleCommand("EXPUNGE", line -> line.uid("EXPUNGE", uids));
    }

    static SimpleCommand ofAllMarked() {
        return new SimpleCommand("EXPUNGE", line -> line.words("EXPUNGE"));
    }
}
