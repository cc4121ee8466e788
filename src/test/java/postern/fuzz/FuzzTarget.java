package postern.fuzz;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reader of untrusted octets.
 *
 * @param declared the exceptions that it may throw; any other is a fault
 * @param words the tokens of its grammar
 */
public record FuzzTarget(String name, Reader reader, List<Class<?>> declared, List<String> words) {

    /** Reads octets and returns its output if that can be large. */
    public interface Reader {
        @Nullable CharSequence read(byte[] octets) throws Exception;
    }

    public static FuzzTarget of(String name, Reader reader) {
        return new FuzzTarget(name, reader, List.of(), List.of());
    }

    public FuzzTarget throwing(Class<?>... declared) {
        return new FuzzTarget(name, reader, Arrays.asList(declared), words);
    }

    public FuzzTarget of(String... words) {
        return new FuzzTarget(name, reader, declared, Arrays.asList(words));
    }

    /** Runs the reader; returns the length of its output. Throws AssertionError for a fault. */
    int tryOn(byte[] octets) {
        try {
            var made = reader.read(octets);
            return made == null ? 0 : made.length();
        } catch (Exception e) {
            if (declared.stream().noneMatch(it -> it.isInstance(e))) {
                throw new AssertionError(name + " throws " + e, e);
            }
            return 0;
        } catch (StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(name + " throws " + e.getClass().getSimpleName(), e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
