package postern.smtp;

/** What the server answered for one recipient. */
public record RecipientReply(String address, SmtpReply reply) {

    public boolean accepted() {
        return reply.positive();
    }

    /** Without the address, so that it may be logged. */
    @Override
    public String toString() {
        return "RecipientReply[%s]".formatted(reply);
    }
}
