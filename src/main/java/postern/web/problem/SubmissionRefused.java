package postern.web.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** A submission server has refused a message, so that it was not sent. */
public final class SubmissionRefused extends ProblemException {

    private final @Nullable String status;
    private final List<RecipientAnswer> recipients;

    public SubmissionRefused(
            ProblemCode code,
            String detail,
            @Nullable String status,
            List<RecipientAnswer> recipients) {
        super(code, detail);
        this.status = status;
        this.recipients = List.copyOf(recipients);
    }

    /** Servers do not tell when their limits end. */
    @Override
    public HttpHeaders headers() {
        if (code() != ProblemCode.SENDING_LIMIT) {
            return HttpHeaders.EMPTY;
        }
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "60");
        return headers;
    }

    @Override
    @Nullable String smtpStatus() {
        return status;
    }

    @Override
    List<RecipientAnswer> recipients() {
        return recipients;
    }
}
