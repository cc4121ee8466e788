package postern.mailbox;

import java.util.List;

/// All identifiers with rights to a mailbox.
///
/// @param items In the mail server's own order.
record RightsList(List<GrantedRights> items) {}
