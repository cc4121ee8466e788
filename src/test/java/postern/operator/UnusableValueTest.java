package postern.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnusableValueTest {

    private final UnusableValue analyzer = new UnusableValue();

    @Test
    void tellsTheReasonThatNamesTheProperty() {
        var failure =
                new IllegalStateException(
                        "the context does not start",
                        new IllegalArgumentException("postern.presets: there is no preset 'x'"));

        var analysis = analyzer.analyze(failure);

        assertThat(analysis).isNotNull();
        assertThat(analysis.getDescription()).isEqualTo("postern.presets: there is no preset 'x'");
    }

    @Test
    void leavesOtherFailuresToOthers() {
        assertThat(analyzer.analyze(new IllegalArgumentException("anything else"))).isNull();
    }
}
