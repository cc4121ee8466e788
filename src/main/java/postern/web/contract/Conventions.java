package postern.web.contract;

/** What holds for the whole contract, as its description. */
final class Conventions {

    static final String TEXT =
            """
            An IMAP mailbox over HTTP.

            **Requests.** JSON in UTF-8. An optional property may be absent or `null`, and a list or map may also be empty, unless it has `minItems`: all mean the same. A merge patch (RFC 7396) is the exception: there `null` removes what the contract says it removes, and is as good as absent elsewhere. Unknown parameters and properties are refused, and so are values of another type, such as `"1"` for a number.

            **Answers.** What is not known is absent, never `null`. Times are RFC 3339 in UTC (`sentAt` has the offset that its sender wrote), sizes are octets. Clients ignore properties that they do not know, and take values that they do not know: where a property has `x-extensible-enum`, there may be others later.

            **Lists** are `{"items": […], "nextCursor": "…"}`. The next page is the same request with `cursor`. Lists in a query have commas: `fields=id,subject`.

            **Ids** are opaque. A message that is moved, and a mailbox that is renamed, has another id afterwards. A mailbox can be named by its role: `inbox`, `drafts`, `sent` and so on.

            **Problems** are `application/problem+json` (RFC 9457) with a stable `code`; `retryable` says whether the same request may succeed later, and `errors` names bad inputs by parameter or JSON pointer. Beside the statuses of each operation there are 404 for a path that does not exist, 405 for another method, 415 for a body with a `Content-Encoding`, and 500 `internal-error`.

            **Request ids.** Each answer has an `X-Request-Id`: that of the request (64 letters, digits and `._:-` at most), else the trace id of its `traceparent`, else a random one. Problems have it as `requestId`.

            **Repetition.** With `Idempotency-Key` a request that creates something is carried out once. With `If-Match` a change is made only in the state that is named, by the operations that have it as a parameter. All others, and reads of what has no `ETag`, answer 412 `precondition-failed` to an `If-Match` other than `*`. A read with `If-None-Match: *` is 304, a change with any `If-None-Match` is 412.

            **Files** are sent with their own media type, whatever `Accept` says; `application/octet-stream` is listed beside it so that generated clients take them as octets.

            **Versions.** `v1` in the path changes only when clients would break. New operations, properties, values and codes are no break.\
            """;

    private Conventions() {}
}
