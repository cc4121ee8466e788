package postern.changes;

import postern.message.metadata.Keywords;
import postern.web.id.MessageId;

/// A message whose keywords changed.
///
/// @param keywords All that it has now.
public record ChangedKeywords(MessageId id, Keywords keywords) {}
