package postern.identity;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * As whom users may send.
 *
 * @param allowedFrom The addresses that every user may send as, beside the own one: an address,
 *     with a name if it has one ({@code Support <support@example.org>}), {@code @example.org} for
 *     all of a domain, or {@code *} where the submission server decides. When none is given, a user
 *     sends as the user name if that is an address, and else as any address that has the user name
 *     in front of the {@code @}. Unit: list. Interplay: the submission server may refuse more (403
 *     {@code sending-not-permitted}).
 */
@ConfigurationProperties("postern.submission.policy")
record SubmissionPolicy(@DefaultValue List<String> allowedFrom) {}
