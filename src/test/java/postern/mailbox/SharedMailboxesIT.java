package postern.mailbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.client.connect.Connectors;
import postern.mailbox.directory.MailboxResolver;
import postern.testserver.RealServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Mailboxes shared with other users and programs, on servers that report changes. */
@OnGreenMail
@SuppressWarnings("NullAway.Init") // each test has its own account
class SharedMailboxesIT {

    @Autowired private Mailboxes mailboxes;
    @Autowired private MailboxChanges changes;
    @Autowired private MailboxGrants grants;
    @Autowired private MailboxResolver resolver;
    @Autowired private ImapConnections connections;

    private Account account;

    /** Courier and GreenMail do not report it. */
    @ParameterizedTest
    @EnumSource(value = RealServer.class, mode = EnumSource.Mode.EXCLUDE, names = "COURIER")
    void noticesThatAnotherProgramRenamedWhatIsOpen(RealServer server) {
        account = account(server, server.newUser());
        var work = create("Work");
        owner().append(work, "old");
        assertThat(owner().subjects(work.id())).containsExactly("old");

        var name = MailboxId.of(owner().name("Work"));
        try (var program = Connectors.connector().connect(account)) {
            program.rename(owner().name("Work"), owner().name("Play"));
            program.create(owner().name("Work"));
            owner().append(program, name, "new 1");
            owner().append(program, name, "new 2");
        }

        assertThat(owner().subjects(name)).containsExactly("new 1", "new 2");
        assertThat(owner().subjects(work.id()))
                .isEqualTo(server == RealServer.CYRUS ? List.of("old") : List.of("new 1", "new 2"));
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void givesRightsByNameAndByLetterAndTakesThemBack(RealServer server) {
        account = account(server, server.newUser());
        var work = create("Work");
        var other = server.newUser();

        var granted = grants.put(account, work.id(), other, readAndFlag());
        assertThat(granted.rights().mayReadItems()).isTrue();
        assertThat(granted.rights().maySetSeen()).isTrue();
        assertThat(granted.rights().mayRemoveItems()).isFalse();
        assertThat(grants.put(account, work.id(), other, letters("lrs")).rights().letters())
                .isEqualTo("lrs");
        assertThat(grants.list(account, work.id()).items())
                .extracting(GrantedRights::identifier)
                .contains(other);

        grants.delete(account, work.id(), other);
        assertThat(grants.list(account, work.id()).items())
                .extracting(GrantedRights::identifier)
                .doesNotContain(other);
        assertThatThrownBy(() -> grants.put(account, work.id(), other, letters("+l")))
                .isInstanceOf(InvalidRequest.class);
    }

    @ParameterizedTest
    @EnumSource(value = RealServer.class, mode = EnumSource.Mode.EXCLUDE, names = "COURIER")
    void listsWhatOthersShareAndKeepsToTheRightsGiven(RealServer server) {
        account = account(server, server.newUser());
        var work = create("Work");
        owner().append(work, "shared");
        var other = account(server, server.newUser());
        mailboxes.list(other, false, false); // Cyrus creates a user at the first login

        grants.put(account, work.id(), other.user(), readAndFlag());
        connections.retire(other); // Dovecot reads the list of shares once per connection

        var shared =
                mailboxes.list(other, true, true).items().stream()
                        .filter(it -> it.name().equals("Work"))
                        .findFirst()
                        .orElseThrow();
        assertThat(shared.namespace()).isEqualTo(NamespaceKind.OTHER_USERS);
        assertThat(shared.totalMessages()).isEqualTo(1);
        assertThat(requireNonNull(shared.myRights()).mayDelete()).isFalse();
        assertProblem(
                ProblemCode.PERMISSION_DENIED,
                () -> changes.delete(other, shared.id(), false, true));
        assertProblem(
                ProblemCode.PERMISSION_DENIED,
                () ->
                        changes.create(
                                other, new MailboxRequest("x", null, shared.id(), null, null)));
        assertProblem(ProblemCode.PERMISSION_DENIED, () -> grants.list(other, shared.id()));
        grants.put(account, work.id(), other.user(), letters("lrkwits"));
        connections.retire(other); // the same holds for rights
        var below =
                changes.create(other, new MailboxRequest("Theirs", null, shared.id(), null, false));
        assertThat(below.parentId()).isEqualTo(shared.id());
    }

    private static RightsRequest readAndFlag() {
        return new RightsRequest(true, null, null, true, false, null, null, null, null, null);
    }

    private static RightsRequest letters(String letters) {
        return new RightsRequest(null, null, null, null, null, null, null, null, null, letters);
    }

    private static void assertProblem(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfies(e -> {
                    var actual =
                            e instanceof ImapException imap
                                    ? ProblemCode.of(imap)
                                    : ((ProblemException) e).code();
                    assertThat(actual).isEqualTo(code);
                });
    }

    private Mailbox create(String name) {
        return changes.create(account, new MailboxRequest(name, null, null, null, null));
    }

    private static Account account(RealServer server, String user) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                user,
                new Password(server.password()));
    }

    private MailboxOwner owner() {
        return new MailboxOwner(account, connections, resolver);
    }
}
