package postern.shared;

import org.springframework.util.unit.DataSize;

/**
 * What an operator has decided about an area of the shared state.
 *
 * @param most the memory for its values, in this process
 */
public record AreaBound(SharedArea area, DataSize most) {}
