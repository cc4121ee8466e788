package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.INBOX;
import static postern.imap.pool.PoolFixture.SENT;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.account.Account;
import postern.account.TokenLimits;
import postern.imap.Access;
import postern.imap.BulkChange;
import postern.imap.ExamineRequest;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.testserver.SomeAccount;

/** What a token for certain mailboxes reaches through a lent connection. */
class TokenViewTest {

    private static final Account LIMITED =
            ANNA.limitedTo(new TokenLimits(TokenLimits.NONE.scopes(), Set.of("INBOX")));

    private final PoolFixture pool = new PoolFixture();

    @BeforeEach
    void start() {
        pool.connections.start();
    }

    @AfterEach
    void stop() {
        pool.connections.stop();
    }

    /** Every method that takes the name of a mailbox, also those that will be added. */
    static Stream<Method> commands() {
        return Stream.of(ImapConnections.class, ImapConnection.class, SelectedMailbox.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> !method.getName().equals("require"))
                // lists names; the mailbox is checked where the name is used
                .filter(method -> !method.getName().startsWith("locate"))
                .filter(method ->
                        Arrays.stream(method.getGenericParameterTypes())
                                .anyMatch(TokenViewTest::namesAMailbox));
    }

    private static boolean namesAMailbox(Type parameter) {
        return Stream.of(
                        MailboxName.class, ExamineRequest.class, MessageRef.class, BulkChange.class)
                .anyMatch(type -> parameter.getTypeName().contains(type.getName()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandThatNamesAnotherMailboxIsNotSent(Method command) {
        try (var connection = pool.borrow(LIMITED);
                var mailbox = connection.select(INBOX, Access.READ_WRITE)) {
            var sent = List.copyOf(pool.connection(0).commands());
            Object target =
                    command.getDeclaringClass().equals(ImapConnections.class)
                            ? pool.connections
                            : command.getDeclaringClass().equals(ImapConnection.class)
                                    ? connection
                                    : mailbox;

            for (var change : List.of(new BulkChange.Copy(SENT), new BulkChange.Move(SENT))) {
                assertThatThrownBy(() -> invoke(command, target, change))
                        .isInstanceOf(ImapException.OutOfScope.class);
            }

            assertThat(pool.connection(0).commands()).isEqualTo(sent);
        }
    }

    @Test
    void thereAreSuchCommands() {
        assertThat(commands().map(Method::getName))
                .contains("select", "visit", "each", "append", "copy", "move", "apply", "setAcl")
                .hasSizeGreaterThan(20);
    }

    @Test
    void itsOwnMailboxesCannotBeRenamedAwayOrDeleted() {
        try (var connection = pool.borrow(LIMITED)) {
            assertThatThrownBy(() -> connection.rename(INBOX, INBOX))
                    .isInstanceOf(ImapException.OutOfScope.class);
            assertThatThrownBy(() -> connection.delete(INBOX))
                    .isInstanceOf(ImapException.OutOfScope.class);
            assertThatThrownBy(() -> connection.create(INBOX))
                    .isInstanceOf(ImapException.OutOfScope.class);
        }
    }

    @Test
    void tokensOfOneLoginShareItsConnections() {
        pool.select(ANNA, INBOX).close();

        pool.select(LIMITED, INBOX).close();

        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(1);
    }

    @Test
    void onlyItsMailboxesAreListed() {
        var view = new TokenView(LIMITED);

        assertThat(view.of(List.of(listed("INBOX"), listed("Sent", "\\sent")), Map.of()))
                .extracting(ListedMailbox::name)
                .containsExactly(INBOX);
    }

    @Test
    void anAssignedRoleBelongsToItsMailboxAlone() {
        var view = new TokenView(ANNA.withRoles(Map.of("sent", "Weg")));

        var listed =
                view.of(
                        List.of(
                                listed("Sent", "\\sent", "\\hasnochildren"),
                                listed("Weg", "\\trash", "\\subscribed")),
                        Map.of());

        assertThat(listed.getFirst().attributes()).containsExactly("\\hasnochildren");
        assertThat(listed.getLast().attributes())
                .contains("\\sent", "\\subscribed")
                .doesNotContain("\\trash");
        assertThat(listed).extracting(ListedMailbox::roleAssigned).containsExactly(false, true);
        assertThat(listed.getLast().role()).hasValue(MailboxRole.SENT);
    }

    @Test
    void anAssignedRoleOfAMailboxThatIsGoneIsNoRole() {
        var view = new TokenView(ANNA.withRoles(Map.of("sent", "Gone")));

        assertThat(view.of(List.of(listed("Sent", "\\sent")), Map.of()).getFirst().role())
                .hasValue(MailboxRole.SENT);
    }

    @Test
    void aRoleOutOfReachDoesNotFallToAnotherMailbox() {
        var view =
                new TokenView(
                        ANNA.limitedTo(
                                new TokenLimits(
                                        TokenLimits.NONE.scopes(), Set.of("Trash", "Bin"))));

        var byAttribute = view.of(List.of(listed("Weg", "\\trash"), listed("Trash")), Map.of());
        var byName = view.of(List.of(listed("Trash"), listed("Bin")), Map.of());

        assertThat(MailboxRoles.of(byAttribute).role(MailboxName.of("Trash"))).isEmpty();
        assertThat(MailboxRoles.of(byName).mailbox(MailboxRole.TRASH))
                .hasValue(MailboxName.of("Trash"));
        assertThat(MailboxRoles.of(byName.subList(1, 2)).role(MailboxName.of("Bin"))).isEmpty();
    }

    @Test
    void theProvidersNameOfASpecialMailboxGivesItsRole() {
        var view = new TokenView(ANNA);
        var names = Map.of(MailboxRole.JUNK, MailboxName.of("Heap"));

        assertThat(view.of(List.of(listed("Heap")), names).getFirst().role())
                .hasValue(MailboxRole.JUNK);
        assertThat(view.of(List.of(listed("Heap", "\\sent")), names).getFirst().role())
                .hasValue(MailboxRole.SENT);
        assertThat(view.of(List.of(listed("Heap"), listed("Dirt", "\\junk")), names))
                .extracting(ListedMailbox::role)
                .containsExactly(Optional.empty(), Optional.of(MailboxRole.JUNK));
    }

    private static ListedMailbox listed(String name, String... attributes) {
        return new ListedMailbox(new MailboxName(name), '/', Set.of(attributes), null, null, null);
    }

    private static @Nullable Object invoke(Method command, Object target, BulkChange change)
            throws Throwable {
        var arguments =
                Arrays.stream(command.getGenericParameterTypes())
                        .map(type -> argument(type, change))
                        .toArray();
        try {
            return command.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static @Nullable Object argument(Type type, BulkChange change) {
        var name = type.getTypeName();
        if (name.contains(ExamineRequest.class.getName())) {
            return List.of(ExamineRequest.search(SENT, new SearchTerm.All()));
        }
        if (name.contains("<")) {
            return name.startsWith(Set.class.getName())
                    ? Set.of()
                    : name.startsWith(Function.class.getName())
                            ? Function.identity()
                            : name.contains(MailboxName.class.getName())
                                    ? List.of(SENT)
                                    : List.of();
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "MailboxName" -> SENT;
            case "MessageRef" -> SomeAccount.message(SENT, 1, 1);
            case "BulkChange" -> change;
            case "Account" -> LIMITED;
            case "Access" -> Access.READ_ONLY;
            case "Lane" -> Lane.INTERACTIVE;
            case "UidSet" -> UidSet.of(1);
            case "InputStream" -> InputStream.nullInputStream();
            case "String" -> "x";
            case "long" -> 1L;
            default -> null;
        };
    }
}
