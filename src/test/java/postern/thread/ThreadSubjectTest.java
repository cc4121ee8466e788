package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadSubjectTest {

    @ParameterizedTest
    @CsvSource({
        "Lunch, Lunch",
        "Re: Lunch, Lunch",
        "RE: re: Re: Lunch, Lunch",
        "Fwd: AW: WG: Lunch, Lunch",
        "Re[2]: Lunch, Lunch",
        "Re [list]: Lunch, Lunch",
        "Re :Lunch, Lunch",
        "Lunch (fwd), Lunch",
        "Re: Lunch (Fwd) , Lunch",
        "[list] Re: Lunch, [list] Re: Lunch",
        "Regarding: Lunch, Regarding: Lunch",
        "回复：Lunch, Lunch",
        "Antwort: Odp: 答复: Lunch, Lunch",
        "RE(2): Doorst: Ynt : Lunch, Lunch",
        "Re\u00a0: Lunch, Lunch",
        "Re:, Re:"
    })
    void leavesOutWhatRepliesAndForwardsPutAroundIt(String subject, String base) {
        assertThat(ThreadSubject.of(subject)).isEqualTo(base);
    }

    @Test
    void isNotSlowedDownByAHostileSubject() {
        assertThat(ThreadSubject.of("Re: ".repeat(100_000) + "x")).isEqualTo("x");
        assertThat(ThreadSubject.of("re" + " ".repeat(1_000_000) + "x")).endsWith("x");
        assertThat(ThreadSubject.of("re[".repeat(300_000))).isNotNull();
        assertThat(ThreadSubject.of("(fwd)" + " ".repeat(1_000_000) + "x")).endsWith("x");
        assertThat(ThreadSubject.of(null)).isNull();
    }
}
