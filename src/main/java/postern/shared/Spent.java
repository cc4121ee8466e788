package postern.shared;

import java.time.Duration;

/**
 * What is left of a budget.
 *
 * @param granted whether the wanted tokens were taken
 * @param untilFull after what time the budget is full again
 */
public record Spent(boolean granted, Duration untilFull) {}
