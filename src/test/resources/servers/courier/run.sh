# What Debian's two init scripts do, in the foreground and logging to the container.
set -a
. /etc/courier/authdaemonrc
/usr/sbin/courierlogger -pid=/run/courier/authdaemon/pid -start /usr/lib/courier/courier-authlib/authdaemond
. /etc/courier/imapd-ssl
. /etc/courier/imapd
IMAP_STARTTLS=NO
IMAP_ENHANCEDIDLE=0
exec /usr/sbin/couriertcpd -address=0 -maxprocs=1000 -maxperip=1000 -access="$IMAPACCESSFILE.dat" \
    -nodnslookup -noidentlookup 143 /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir
