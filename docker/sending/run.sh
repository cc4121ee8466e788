# "postfix check" makes the directories in which Dovecot puts its sockets.
postconf -e maillog_file=/dev/stdout myhostname=mail.example.org mydestination= smtputf8_enable=yes \
  virtual_mailbox_domains=example.org virtual_mailbox_maps=texthash:/etc/postfix/users \
  virtual_transport=lmtp:unix:private/dovecot-lmtp \
  smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth smtpd_sasl_auth_enable=yes smtpd_tls_auth_only=no \
  message_size_limit=100000000 mailbox_size_limit=0 virtual_mailbox_limit=0
postconf -MX smtp/inet
postconf -M '587/inet=587 inet n - n - - smtpd -o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o smtpd_recipient_restrictions=reject_unlisted_recipient,reject_unauth_destination,permit_sasl_authenticated,reject'
if [ "${DISCARD:-}" = true ]; then
  postconf -e virtual_transport=discard: default_transport=discard:
  postconf -P 587/inet/smtpd_recipient_restrictions=permit_sasl_authenticated,reject
fi
postfix check
dovecot -F &
for i in 1 2 3 4 5 6 7 8 9 10; do
  [ -S /var/spool/postfix/private/auth ] && break
  sleep 0.5
done
exec postfix start-fg
