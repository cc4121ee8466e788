package postern.submission;

import org.jspecify.annotations.Nullable;

/// What was done with a draft that is marked as sent.
///
/// @param copy What became of the copy in the mailbox of sent mail.
/// @param draft What became of the draft. `kept`: mark it once more.
/// @param original What became of the mark at the message that was answered or passed on; absent
///   where none was named.
record MarkedSent(CopyResult copy, DraftResult draft, @Nullable OriginalResult original) {}
