package postern.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavadocTest {

    private static final String HANDLER =
            """
            List a mailbox's messages.

            The newest first, by the order in which
            they came.

            New mail does not shift a page.

            @param limit How many messages
              a page has.
            @param from Occurs in From, as `ada@example.org` does.
            """;

    @Test
    void eachParagraphIsOneLine() {
        assertThat(Javadoc.parse(HANDLER).text())
                .containsExactly(
                        "List a mailbox's messages.",
                        "The newest first, by the order in which they came.",
                        "New mail does not shift a page.");
    }

    @Test
    void eachItemOfAListIsOneLine() {
        var comment =
                """
                What comes:

                - the first, which
                  needs two lines;
                - the second.

                @param kind One of:
                  - this one,
                  - that one.
                """;

        assertThat(Javadoc.parse(comment).text())
                .containsExactly(
                        "What comes:", "- the first, which needs two lines;\n- the second.");
        assertThat(Javadoc.parse(comment).parameters())
                .containsEntry("kind", "One of:\n- this one,\n- that one.");
    }

    @Test
    void parametersAreDescribedByTheirTags() {
        assertThat(Javadoc.parse(HANDLER).parameters())
                .containsOnlyKeys("limit", "from")
                .containsEntry("limit", "How many messages a page has.")
                .containsEntry("from", "Occurs in From, as `ada@example.org` does.");
    }

    @Test
    void aCommentMayHaveNothingButTags() {
        var javadoc = Javadoc.parse("@param id Its id.\n");

        assertThat(javadoc.description()).isEmpty();
        assertThat(javadoc.parameters()).containsEntry("id", "Its id.");
    }

    @Test
    void aClassWithoutKeptCommentsHasNone() {
        assertThat(Javadoc.of(String.class).description()).isEmpty();
    }
}
