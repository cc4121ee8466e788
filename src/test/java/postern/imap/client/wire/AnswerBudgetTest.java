package postern.imap.client.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.client.command.ListCommand;

class AnswerBudgetTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final AnswerMemory memory = new AnswerMemory(10L * MEGABYTE);

    @Test
    void anExchangeThatTakesMoreThanItsMemoryIsRefused() {
        var budget = budget("server");
        budget.charge(10L * MEGABYTE);

        assertThatExceptionOfType(AnswerTooLarge.class).isThrownBy(() -> budget.charge(1));
    }

    @Test
    void theBufferCountsAsWell() {
        var budget = budget("server");
        budget.buffer(6 * MEGABYTE);

        assertThatExceptionOfType(AnswerTooLarge.class)
                .isThrownBy(() -> budget.charge(5L * MEGABYTE));
    }

    @Test
    void theNextExchangeBeginsAtZero() {
        var budget = budget("server");
        budget.charge(9L * MEGABYTE);
        budget.restart();

        assertThatCode(() -> budget.charge(9L * MEGABYTE)).doesNotThrowAnyException();
    }

    @Test
    void nothingStaysTakenAfterAnExchangeThatWasRefused() {
        var budget = budget("server");
        assertThatExceptionOfType(AnswerTooLarge.class)
                .isThrownBy(() -> budget.charge(Long.MAX_VALUE / 2));
        budget.buffer(0);
        budget.restart();

        assertThat(memory.taken()).isZero();
    }

    @Test
    void aServerThatFillsItsShareLeavesTheRestToOthers() {
        budget("hostile").charge(9L * MEGABYTE);
        budget("hostile").charge(9L * MEGABYTE);

        assertThatExceptionOfType(ImapException.ConnectionLimit.class)
                .isThrownBy(() -> budget("hostile").charge(9L * MEGABYTE));
        assertThatCode(() -> budget("honest").charge(9L * MEGABYTE)).doesNotThrowAnyException();
    }

    /** Otherwise each of three could be refused for the memory of the other two. */
    @Test
    void whatWasRefusedIsNotInTheWayOfTheNext() {
        var first = budget("server");
        var second = budget("server");
        var third = budget("server");
        first.charge(7L * MEGABYTE);
        second.charge(7L * MEGABYTE);
        third.charge(6L * MEGABYTE);

        assertThatExceptionOfType(ImapException.ConnectionLimit.class)
                .isThrownBy(() -> first.charge(MEGABYTE));
        assertThatCode(() -> second.charge(2L * MEGABYTE)).doesNotThrowAnyException();
        assertThatCode(() -> third.charge(2L * MEGABYTE)).doesNotThrowAnyException();
    }

    @Test
    void aRefusedExchangeGivesItsMemoryBackOnce() {
        var first = budget("server");
        budget("server").charge(9L * MEGABYTE);
        var third = budget("server");
        third.charge(8L * MEGABYTE);
        first.charge(2L * MEGABYTE);
        assertThatExceptionOfType(ImapException.ConnectionLimit.class)
                .isThrownBy(() -> third.charge(2L * MEGABYTE));
        long taken = memory.taken();
        third.release();

        assertThat(memory.taken()).isEqualTo(taken).isEqualTo(11L * MEGABYTE);
    }

    @Test
    void aSmallAnswerIsTakenWhateverOthersTake() {
        for (var server : new String[] {"a", "a", "b", "b"}) {
            budget(server).charge(9L * MEGABYTE);
        }

        assertThatCode(() -> budget("honest").charge(200_000)).doesNotThrowAnyException();
    }

    @Test
    void lessIsReadBeforeTheLoginThanAfterIt() {
        var budget = budget("server");
        assertThatExceptionOfType(AnswerTooLarge.class).isThrownBy(() -> budget.received(MEGABYTE));
        budget.restart();

        assertThatCode(() -> budget.received(MEGABYTE)).doesNotThrowAnyException();
    }

    @Test
    void theOctetsOfAnExchangeAreBounded() {
        var budget = budget("server");
        budget.restart();
        budget.received(100 * MEGABYTE);

        assertThatExceptionOfType(AnswerTooLarge.class).isThrownBy(() -> budget.received(1));
    }

    /** With a heap of 2 GB, a million take ten times as much of an exchange's 256 MB. */
    @Test
    void theFlagsOfAHundredThousandMessagesFitIntoTwentyFiveMegabytes() throws IOException {
        var wire =
                wire(i -> "* %d FETCH (UID %d FLAGS (\\Seen) MODSEQ (%d))\r\n".formatted(i, i, i));
        for (int i = 1; i <= 100_000; i++) {
            var response = wire.read();
            response.skipWord("*");
            var parser = new FetchParser(response.messageData("FETCH"));
            parser.read(response, List.of());
            assertThat(parser.uid()).isEqualTo(i);
        }
    }

    @Test
    void aHundredThousandMailboxesFitIntoTwentyFiveMegabytes() throws IOException {
        var wire = wire(i -> "* LIST (\\HasNoChildren) \"/\" \"Archive/%d\"\r\n".formatted(i));
        var list = ListCommand.list(new Capabilities(Set.of()), Set.of());
        for (int i = 1; i <= 100_000; i++) {
            var response = wire.read();
            response.skipWord("*");
            assertThat(list.take(response)).isTrue();
        }
    }

    private static Wire wire(IntFunction<String> lines) {
        var budget =
                new AnswerBudget(new AnswerMemory(25_600L * 1024).of("server"), 256L * MEGABYTE);
        budget.restart();
        var socket =
                new Socket() {

                    private int number;

                    /** One line a read. */
                    @Override
                    public InputStream getInputStream() {
                        return new InputStream() {
                            @Override
                            public int read() {
                                throw new UnsupportedOperationException();
                            }

                            @Override
                            public int read(byte[] target, int offset, int length) {
                                var line = lines.apply(number + 1).getBytes(US_ASCII);
                                if (line.length > length) {
                                    Arrays.fill(target, offset, offset + length, (byte) '\n');
                                    return length; // blank lines are skipped
                                }
                                number++;
                                System.arraycopy(line, 0, target, offset, line.length);
                                return line.length;
                            }
                        };
                    }
                };
        return new Wire(() -> socket, 64 * MEGABYTE, budget);
    }

    private AnswerBudget budget(String server) {
        return new AnswerBudget(memory.of(server), 100L * MEGABYTE);
    }
}
