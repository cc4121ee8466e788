package postern.imap.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import postern.imap.ImapException;

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

    private AnswerBudget budget(String server) {
        return new AnswerBudget(memory.of(server), 100L * MEGABYTE);
    }
}
