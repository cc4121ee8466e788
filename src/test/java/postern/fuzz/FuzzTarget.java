package postern.fuzz;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that reads foreign octets.
 *
 * @param declared what it may throw; anything else is a fault
 * @param words what its grammar is made of
 */
public record FuzzTarget(String name, Reader reader, List<Class<?>> declared, List<String> words) {

    /** Reads octets and returns what it made of them, if it made something that can be large. */
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

    /** Throws AssertionError for what must not happen; the length of what it made otherwise. */
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
