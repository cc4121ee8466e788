package postern.submission;

import java.util.List;
import postern.smtp.RecipientReply;
import postern.smtp.SmtpException;
import postern.smtp.SmtpReply;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.problem.RecipientAnswer;
import postern.web.problem.SubmissionRefused;

/** Tells callers why a message was not sent. */
final class SubmissionProblems {

    private SubmissionProblems() {}

    static ProblemException of(SmtpException failure) {
        var detail = String.valueOf(failure.getMessage());
        return switch (failure) {
            case SmtpException.Unreachable _, SmtpException.ReusedConnectionLost _ ->
                    new ProblemException(ProblemCode.SERVER_UNREACHABLE, detail);
            case SmtpException.CertificateNotTrusted _ ->
                    new ProblemException(ProblemCode.CERTIFICATE_NOT_TRUSTED, detail);
            case SmtpException.TimedOut _ ->
                    new ProblemException(ProblemCode.SERVER_TIMED_OUT, detail);
            case SmtpException.ProtocolError _ ->
                    new ProblemException(ProblemCode.PROTOCOL_ERROR, detail);
            case SmtpException.NotPossible _ ->
                    new ProblemException(ProblemCode.NOT_POSSIBLE, detail);
            case SmtpException.TooBig _ ->
                    new ProblemException(ProblemCode.MESSAGE_TOO_BIG, detail);
            case SmtpException.OutcomeUnknown _ ->
                    new ProblemException(ProblemCode.OUTCOME_UNKNOWN, detail);
            case SmtpException.Answered answered ->
                    new SubmissionRefused(
                            code(answered), detail, answered.reply().status(), List.of());
            case SmtpException.RecipientsRefused refused ->
                    new SubmissionRefused(
                            code(refused.recipients()),
                            detail,
                            null,
                            refused.recipients().stream().map(SubmissionProblems::answer).toList());
        };
    }

    static RecipientAnswer answer(RecipientReply recipient) {
        var reply = recipient.reply();
        return new RecipientAnswer(
                recipient.address(),
                recipient.accepted(),
                reply.status(),
                reply.text().isEmpty() ? null : reply.text());
    }

    private static ProblemCode code(SmtpException.Answered answered) {
        var reply = answered.reply();
        if (answered instanceof SmtpException.LoginRefused) {
            return ProblemCode.SUBMISSION_LOGIN_REFUSED;
        }
        if (tooBig(reply)) {
            return ProblemCode.MESSAGE_TOO_BIG;
        }
        if (limited(reply)) {
            return ProblemCode.SENDING_LIMIT;
        }
        if (reply.transientFailure() || reply.code() == 554 && atConnecting(answered)) {
            return ProblemCode.SERVER_UNAVAILABLE;
        }
        return reply.about("7.") || !atMessage(answered)
                ? ProblemCode.SENDING_NOT_PERMITTED
                : ProblemCode.MESSAGE_REFUSED;
    }

    /** Some refusals may end later, and not all recipients are refused for the same reason. */
    private static ProblemCode code(List<RecipientReply> recipients) {
        var refusals =
                recipients.stream()
                        .filter(it -> !it.accepted())
                        .map(RecipientReply::reply)
                        .toList();
        if (refusals.stream().allMatch(SubmissionProblems::limited)) {
            return ProblemCode.SENDING_LIMIT;
        }
        if (refusals.stream().allMatch(SubmissionProblems::aboutTheDialogue)) {
            return ProblemCode.PROTOCOL_ERROR;
        }
        boolean all = refusals.size() == recipients.size();
        if (all && refusals.stream().allMatch(SubmissionProblems::forbidden)) {
            return ProblemCode.SENDING_NOT_PERMITTED;
        }
        return refusals.stream().allMatch(SmtpReply::transientFailure)
                ? ProblemCode.SERVER_UNAVAILABLE
                : ProblemCode.RECIPIENTS_REFUSED;
    }

    /** RFC 5321 §4.2.2: the server has not understood the command, or expects another one. */
    private static boolean aboutTheDialogue(SmtpReply reply) {
        return reply.code() == 500 || reply.code() == 502 || reply.code() == 503;
    }

    /** RFC 3463 §3.8: by policy. Postfix refuses a sender in the answer to each recipient. */
    private static boolean forbidden(SmtpReply reply) {
        return reply.code() / 100 == 5 && reply.about("7.");
    }

    private static boolean atConnecting(SmtpException.Answered answered) {
        return answered instanceof SmtpException.Refused refused
                && refused.step() == SmtpException.Step.CONNECTION;
    }

    private static boolean atMessage(SmtpException.Answered answered) {
        return answered instanceof SmtpException.Refused refused
                && refused.step() == SmtpException.Step.MESSAGE;
    }

    private static boolean tooBig(SmtpReply reply) {
        return reply.about("3.4")
                || reply.about("2.3")
                || reply.code() == 552 && (reply.enhanced() == null || reply.about("3."));
    }

    /**
     * Rates and daily limits: 4.7.x of Postfix and Gmail, 4.5.3 (too many recipients), 5.4.5 of
     * Gmail, 4.3.2 and 5.2.1 of others, 432 of Exchange (too many connections).
     */
    private static boolean limited(SmtpReply reply) {
        return reply.transientFailure() && (reply.about("7.") || reply.about("5.3"))
                || reply.about("4.5")
                || reply.code() == 432;
    }
}
