package postern.web.trace;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Answers that explain themselves; see docs/operating.md.
 *
 * @param allowed Whether a caller who sends {@code Postern-Explain: true} is told which commands
 *     the request caused at mail servers. Unit: true or false. Interplay: off, the answer has
 *     {@code Postern-Explain: off} and nothing else changes. Callers learn how long mail servers
 *     take, and nothing of other users.
 */
@ConfigurationProperties("postern.explain")
public record ExplainProperties(boolean allowed) {}
