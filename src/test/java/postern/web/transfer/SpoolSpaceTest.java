package postern.web.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;

class SpoolSpaceTest {

    @TempDir private Path base;

    @Test
    void hasRoomAgainForWhatWasGivenBack() throws IOException {
        try (var space = space()) {
            space.take(600);
            assertThatThrownBy(() -> space.take(500))
                    .isInstanceOfSatisfying(
                            SpoolFull.class,
                            it -> assertThat(it.headers().getFirst("Retry-After")).isNotNull());

            space.giveBack(600);
            space.take(1_000);

            assertThat(space.taken()).isEqualTo(1_000);
        }
    }

    @Test
    void aRequestTakesRoomOnceUntilItEnds() throws Exception {
        try (var space = space()) {
            var request = new MockHttpServletRequest();
            new SpoolFilter(space)
                    .doFilter(
                            request,
                            new MockHttpServletResponse(),
                            (_, _) -> {
                                space.takeFor(request, 700);
                                space.takeFor(request, 700);
                                assertThat(space.taken()).isEqualTo(700);
                            });

            assertThat(space.taken()).isZero();
        }
    }

    /** As of a container with a read-only file system. */
    @Test
    void aDirectoryThatCannotBeWrittenToIsNamed() throws IOException {
        var file = Files.createFile(base.resolve("file"));
        var below = new SpoolProperties(DataSize.ofBytes(1_000), file.resolve("below"));

        assertThatThrownBy(() -> new SpoolSpace(below))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("postern.spool.directory: ")
                .hasMessageContaining(file.toString());
    }

    @Test
    void nothingIsLeftWhenItEnds() throws IOException {
        try (var space = space()) {
            Files.writeString(space.newFile(), "upload");
        }

        assertThat(base).isEmptyDirectory();
    }

    @Test
    void removesWhatADeadProcessLeftAndNothingElse() throws IOException {
        var dead = Files.createDirectory(base.resolve("postern-spool-dead"));
        Files.createFile(dead.resolve("lock"));
        Files.writeString(dead.resolve("upload"), "left");
        var beginning = Files.createDirectory(base.resolve("postern-spool-beginning"));
        var other = Files.writeString(base.resolve("other"), "kept");

        try (var living = space();
                var space = space()) {
            assertThat(base)
                    .isDirectoryNotContaining(it -> it.equals(dead))
                    .isDirectoryContaining(it -> it.equals(beginning))
                    .isDirectoryContaining(it -> it.equals(other));
            assertThat(living.directory()).isDirectory();
            assertThat(space.directory()).isDirectory();
        }
    }

    private SpoolSpace space() throws IOException {
        return new SpoolSpace(new SpoolProperties(DataSize.ofBytes(1_000), base));
    }
}
