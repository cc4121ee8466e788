package postern.web.contract;

import java.util.Map;

/**
 * A request that the gateway itself sends to apps. The Javadoc of its class describes it in the
 * contract as that of a handler describes an operation; {@code examples/<operationId>.yaml} has
 * named examples of its body.
 */
public interface SentRequest {

    String operationId();

    /** The operation by which an app asks for it, and the pointer to the URL in its body. */
    String askedForBy();

    String urlPointer();

    /** The descriptions of its header fields, by name. */
    Map<String, String> headers();

    /** The record that is sent as JSON. */
    Class<?> body();

    /** What the gateway does after each response, by status. */
    Map<String, String> responses();
}
