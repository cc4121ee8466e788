package postern.mailbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.mailbox.directory.MailboxResolver;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import tools.jackson.databind.json.JsonMapper;

/** Changes to mailboxes, on every server. */
@OnGreenMail
@ParameterizedClass(name = "{0}")
@MethodSource("postern.testserver.TestServer#all")
class MailboxChangesIT {

    @Parameter TestServer server;

    @Autowired private Mailboxes mailboxes;
    @Autowired private MailboxChanges changes;
    @Autowired private MailboxEmptying emptying;
    @Autowired private MailboxGrants grants;
    @Autowired private MailboxResolver resolver;
    @Autowired private ImapConnections connections;
    @Autowired private JsonMapper json;

    private Account account;

    @BeforeEach
    void someone() {
        account = account(server.newUser());
    }

    @Test
    void createsMailboxesWithNamesOfAllKinds() {
        for (var name : List.of("Rechnungen für Jürgen", "日本語", "Fest & Feier", "a*b")) {
            var created = create(name, null);

            assertThat(created.name()).isEqualTo(name);
            assertThat(created.parentId()).isNull();
            assertThat(created.namespace()).isEqualTo(NamespaceKind.PERSONAL);
            assertThat(created.subscribed()).isTrue();
            assertThat(created.totalMessages()).isZero();
            var child = create("Kind – " + name, created.id());
            assertThat(child.parentId()).isEqualTo(created.id());
            // the keywords are told of one mailbox that is asked for
            assertThat(mailboxes.get(account, child.id()))
                    .usingRecursiveComparison()
                    .ignoringFields("keywords", "mayCreateKeywords")
                    .isEqualTo(child);
        }
    }

    @Test
    void createsAMailboxWithAnEmojiOrSaysThatTheServerDoesNot() {
        if (server == RealServer.COURIER) {
            assertProblem(ProblemCode.NOT_POSSIBLE, () -> create("🎉", null));
        } else {
            assertThat(create("🎉 Fest", null).name()).isEqualTo("🎉 Fest");
        }
    }

    @Test
    void createsByPathWithTheLevelsAbove() {
        var top = create("Top", null);
        var path = top.path() + top.delimiter() + "Deep" + top.delimiter() + "Deeper";

        var created = changes.create(account, new MailboxRequest(null, path, null, null, false));

        assertThat(created.path()).isEqualTo(path);
        assertThat(created.subscribed()).isFalse();
        assertThat(created.selectable()).isTrue();
    }

    @Test
    void refusesANameWithTheDelimiterInIt() {
        var delimiter = create("Work", null).delimiter();

        assertThatThrownBy(() -> create("a" + delimiter + "b", null))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("/name");
    }

    @Test
    void saysWhatStandsInTheWay() {
        var work = create("Work", null);

        assertProblem(ProblemCode.MAILBOX_EXISTS, () -> create("Work", null));
        assertProblem(
                ProblemCode.MAILBOX_NOT_FOUND,
                () -> create("x", MailboxId.of(owner().name("Nowhere"))));
        var other = create("Other", null);
        assertProblem(ProblemCode.MAILBOX_EXISTS, () -> update(work.id(), "{\"name\": \"Other\"}"));
        assertProblem(
                ProblemCode.MAILBOX_NOT_FOUND,
                () -> update(MailboxId.of(owner().name("Nowhere")), "{\"name\": \"Other2\"}"));
        assertProblem(
                ProblemCode.MAILBOX_NOT_FOUND,
                () -> changes.delete(account, MailboxId.of(owner().name("Nowhere")), true, true));
        assertThat(mailboxes.get(account, other.id()).path()).isEqualTo(other.path());
    }

    @Test
    void createsAMailboxWithARoleThatOnlyItHas() {
        if (server instanceof InMemoryServer) {
            var archive =
                    changes.create(account, new MailboxRequest(null, null, null, "archive", null));
            assertThat(archive.role()).isEqualTo("archive");
            assertThat(resolver.resolve(account, MailboxId.parse("archive")))
                    .isEqualTo(MailboxName.of("Archive"));
            assertProblem(
                    ProblemCode.NOT_POSSIBLE,
                    () ->
                            changes.create(
                                    account, new MailboxRequest("Dies", null, null, "junk", null)));
        } else if (server == RealServer.CYRUS) {
            var created =
                    changes.create(
                            account, new MailboxRequest("Wichtig", null, null, "important", null));
            assertThat(created.role()).isEqualTo("important");
        }
        changes.create(account, new MailboxRequest("Papierkorb", null, null, null, null));
        if (!(server instanceof InMemoryServer)) {
            assertProblem(
                    ProblemCode.MAILBOX_EXISTS,
                    () ->
                            changes.create(
                                    account, new MailboxRequest("x", null, null, "trash", null)));
        }
    }

    @Test
    void renamesAMailboxWithAllBelowAndItsSubscriptions() {
        var work = create("Work", null);
        var child = create("Child", work.id());
        changes.create(account, new MailboxRequest("Quiet", null, child.id(), null, false));
        owner().append(child, "kept");

        var renamed = update(work.id(), "{\"name\": \"Projekte Süd\"}");

        assertThat(renamed.name()).isEqualTo("Projekte Süd");
        assertThat(renamed.subscribed()).isTrue();
        var now = mailboxes.list(account, true, false).items();
        assertThat(now).extracting(Mailbox::path).doesNotContain(work.path(), child.path());
        var moved = now.stream().filter(it -> it.name().equals("Child")).findFirst().orElseThrow();
        assertThat(moved.parentId()).isEqualTo(renamed.id());
        assertThat(moved.totalMessages()).isEqualTo(1);
        assertThat(moved.subscribed()).isTrue();
        assertThat(now)
                .filteredOn(it -> it.name().equals("Quiet"))
                .extracting(Mailbox::subscribed)
                .containsExactly(false);
    }

    @Test
    void movesAMailboxUnderAnotherAndBackToTheTop() {
        var work = create("Work", null);
        var archive = create("Old things", null);

        var below = update(work.id(), "{\"parentId\": \"" + archive.id() + "\"}");
        assertThat(below.parentId()).isEqualTo(archive.id());
        assertThat(below.name()).isEqualTo("Work");
        assertThatThrownBy(() -> update(archive.id(), "{\"parentId\": \"" + below.id() + "\"}"))
                .isInstanceOf(InvalidRequest.class);

        if (server instanceof InMemoryServer) { // it can rename the last level only
            assertProblem(
                    ProblemCode.NOT_POSSIBLE, () -> update(below.id(), "{\"parentId\": null}"));
            return;
        }
        var top = update(below.id(), "{\"parentId\": null, \"name\": \"Work again\"}");
        assertThat(top.parentId()).isNull();
        assertThat(top.name()).isEqualTo("Work again");
    }

    @Test
    void subscribesAndNothingElse() {
        var work = create("Work", null);

        assertThat(update(work.id(), "{\"subscribed\": false}").subscribed()).isFalse();
        assertThat(update(work.id(), "{\"subscribed\": true}").subscribed()).isTrue();
        assertThat(update(work.id(), "{}").subscribed()).isTrue();
    }

    @Test
    void inboxKeepsItsNameAndIsNotDeleted() {
        var inbox = MailboxId.parse("inbox");

        assertProblem(ProblemCode.NOT_POSSIBLE, () -> update(inbox, "{\"name\": \"Old\"}"));
        assertProblem(ProblemCode.NOT_POSSIBLE, () -> changes.delete(account, inbox, true, true));
    }

    @Test
    void deletesOnlyWhatIsAloneAndEmptyUnlessAsked() {
        var work = create("Work", null);
        var child = create("Child", work.id());
        var grandchild = create("Grandchild", child.id());
        owner().append(grandchild, "precious");

        assertProblem(
                ProblemCode.MAILBOX_HAS_CHILDREN,
                () -> changes.delete(account, work.id(), false, true));
        assertProblem(
                ProblemCode.MAILBOX_NOT_EMPTY,
                () -> changes.delete(account, work.id(), true, false));
        assertProblem(
                ProblemCode.MAILBOX_NOT_EMPTY,
                () -> changes.delete(account, grandchild.id(), false, false));
        assertThat(owner().subjects(grandchild.id())).containsExactly("precious");

        changes.delete(account, work.id(), true, true);

        assertThat(mailboxes.list(account, false, false).items())
                .extracting(Mailbox::name)
                .doesNotContain("Work", "Child", "Grandchild");
        assertThat(create("Work", null).totalMessages()).isZero();
    }

    @Test
    void emptiesAMailboxAndSaysHowManyMessagesWent() {
        var work = create("Work", null);
        owner().append(work, "one");
        owner().append(work, "two");
        var elsewhere = create("Elsewhere", null);
        owner().append(elsewhere, "stays");

        assertThatThrownBy(() -> emptying.empty(account, work.id(), "Elsewhere"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("confirm");
        assertThat(owner().subjects(work.id())).containsExactly("one", "two");

        assertThat(emptying.empty(account, work.id(), "Work").deletedMessages()).isEqualTo(2);
        assertThat(emptying.empty(account, work.id(), work.path()).deletedMessages()).isZero();
        assertThat(owner().subjects(work.id())).isEmpty();
        assertThat(owner().subjects(elsewhere.id())).containsExactly("stays");
    }

    @Test
    void anIdleConnectionNeverAnswersForAMailboxThatHasTheNameNow() {
        var work = create("Work", null);
        owner().append(work, "old");
        assertThat(owner().subjects(work.id())).containsExactly("old");

        var renamed = update(work.id(), "{\"name\": \"Play\"}");
        var anew = create("Work", null);
        var name = MailboxId.of(owner().name("Work"));
        owner().append(anew, "new 1");
        owner().append(anew, "new 2");

        assertThat(owner().subjects(name)).containsExactly("new 1", "new 2");
        assertThat(owner().subjects(renamed.id())).containsExactly("old");

        changes.delete(account, anew.id(), false, true);
        create("Work", null);
        assertThat(owner().subjects(name)).isEmpty();
    }

    @Test
    void tellsWhatTheUserMayDo() {
        var work = create("Work", null);

        if (server instanceof InMemoryServer) {
            assertThat(work.myRights()).isNull();
            assertProblem(ProblemCode.NOT_POSSIBLE, () -> grants.list(account, work.id()));
            return;
        }
        var rights = requireNonNull(work.myRights());
        assertThat(rights.mayReadItems()).isTrue();
        assertThat(rights.mayRemoveItems()).isTrue();
        assertThat(rights.mayCreateChild()).isTrue();
        assertThat(rights.mayDelete()).isTrue();
        assertThat(rights.mayAdminister()).isTrue();
        var inbox = requireNonNull(mailboxes.get(account, MailboxId.parse("inbox")).myRights());
        assertThat(inbox.mayDelete()).isFalse();
        assertThat(inbox.mayRename()).isFalse();
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

    private Mailbox create(String name, @Nullable MailboxId parentId) {
        return changes.create(account, new MailboxRequest(name, null, parentId, null, null));
    }

    private Mailbox update(MailboxId id, String patch) {
        return changes.update(account, id, MailboxPatch.parse(json.readTree(patch)));
    }

    private Account account(String user) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                user,
                new Password(server.password()));
    }

    private MailboxOwner owner() {
        return new MailboxOwner(account, connections, resolver);
    }
}
