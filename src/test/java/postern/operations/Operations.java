package postern.operations;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** All actions of a mail user, in the order of the table. */
@NullMarked
final class Operations {

    static final List<Operation> ALL =
            Stream.of(
                            AccountOperations.ALL,
                            MailboxOperations.ALL,
                            ReadingOperations.ALL,
                            ChangeOperations.ALL,
                            WritingOperations.ALL,
                            FileOperations.ALL)
                    .flatMap(List::stream)
                    .toList();

    private Operations() {}
}
