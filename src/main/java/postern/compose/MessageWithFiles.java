package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;

/** What a multipart/form-data request holds; for the contract alone. */
@Schema(
        description =
                "A message and its files: each further part has a filename, and a name that one of the"
                        + " message's attachments has as its `part`.")
record MessageWithFiles(NewMessage message) {}
