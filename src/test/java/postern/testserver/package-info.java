/** Mail servers for tests: scripted, in memory, in containers, behind a faulty proxy. */
@NullMarked
package postern.testserver;

import org.jspecify.annotations.NullMarked;
