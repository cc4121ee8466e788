package postern.submission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import postern.smtp.OutgoingMessage;
import postern.smtp.SmtpException;
import postern.smtp.Submission;

/** The meters of sending; none has a user, an address or a server as a tag. */
@Component
final class SubmissionMetrics {

    private final MeterRegistry meters;
    private final DistributionSummary octets;
    private final Counter accepted;
    private final Counter refused;

    SubmissionMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.octets =
                DistributionSummary.builder("postern.submission.octets")
                        .description("Sizes of the messages that submission servers have taken.")
                        .baseUnit("bytes")
                        .register(meters);
        this.accepted = recipients("accepted");
        this.refused = recipients("refused");
    }

    private Counter recipients(String outcome) {
        return Counter.builder("postern.submission.recipients")
                .description("Recipients of messages that submission servers have taken.")
                .tag("outcome", outcome)
                .register(meters);
    }

    /**
     * Times the work, from the login to the answer to the last octet. The outcome is that of the
     * message: {@code sent}, {@code sent-to-some}, {@code outcome-unknown}, or why nothing was
     * sent.
     */
    Submission timed(OutgoingMessage message, Supplier<Submission> work) {
        var sample = Timer.start(meters);
        var outcome = "not-begun";
        try {
            var submission = work.get();
            outcome = taken(message, submission);
            return submission;
        } catch (SmtpException e) {
            outcome = name(e);
            throw e;
        } finally {
            sample.stop(
                    Timer.builder("postern.submission.send")
                            .description(
                                    "Sending a message, with the login and the claim, by outcome.")
                            .tag("outcome", outcome)
                            .register(meters));
        }
    }

    private String taken(OutgoingMessage message, Submission submission) {
        var recipients = submission.recipients();
        long some = recipients.stream().filter(it -> it.accepted()).count();
        octets.record(message.length());
        accepted.increment(some);
        refused.increment(recipients.size() - some);
        return some == recipients.size() ? "sent" : "sent-to-some";
    }

    private static String name(SmtpException failure) {
        return failure.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
