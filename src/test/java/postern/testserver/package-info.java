/** Mail servers for tests: scripted, in memory, in containers, with faults in between. */
@NullMarked
package postern.testserver;

import org.jspecify.annotations.NullMarked;
