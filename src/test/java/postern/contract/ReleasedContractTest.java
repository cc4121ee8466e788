package postern.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Clients of the last release work with this contract, by docs/versioning.md. */
class ReleasedContractTest {

    private static final Path FILES = Path.of("src/test/resources/contract");

    private final JsonNode accepted = Contract.read(FILES.resolve("accepted-breaks.yaml"));

    @Test
    void nothingBreaksButWhatWasAccepted() {
        var released = Contract.read(FILES.resolve("released.yaml"));
        var breaks = ContractBreaks.between(released, Contract.read().document());

        assertThat(breaks)
                .as("breaks of the last release: undo them, or see docs/versioning.md")
                .containsExactlyInAnyOrderElementsOf(
                        accepted.valueStream().map(it -> it.path("break").asString()).toList());
    }

    @Test
    void everyAcceptedBreakHasAReason() {
        assertThat(accepted.valueStream())
                .allSatisfy(it -> assertThat(it.path("reason").asString("")).isNotBlank());
    }
}
