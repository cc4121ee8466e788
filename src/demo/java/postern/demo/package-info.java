/** The gateway in front of a mailbox of its own, for {@code mvn spring-boot:test-run}. */
@NullMarked
package postern.demo;

import org.jspecify.annotations.NullMarked;
