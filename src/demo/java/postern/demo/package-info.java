/** The gateway with a demo mailbox, for {@code mvn spring-boot:test-run}. */
@NullMarked
package postern.demo;

import org.jspecify.annotations.NullMarked;
