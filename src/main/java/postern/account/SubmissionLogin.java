package postern.account;

/**
 * A credential of its own for sending, where the submission server takes another one than the mail
 * server.
 */
public record SubmissionLogin(String username, Credential credential) {

    public SubmissionLogin {
        if (username.isEmpty() || !Account.sendable(username)) {
            throw new IllegalArgumentException("a user name is not empty and has no NUL, CR or LF");
        }
    }

    @Override
    public String toString() {
        return "SubmissionLogin[]";
    }
}
