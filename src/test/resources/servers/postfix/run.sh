# "postfix check" makes the directories in which Dovecot puts its sockets.
postconf -e maillog_file=/dev/stdout myhostname=mail.example.org mydestination= \
  virtual_mailbox_domains=example.org,utf8.example.org,discard.example.org virtual_mailbox_maps=texthash:/etc/postfix/users \
  virtual_transport=lmtp:unix:private/dovecot-lmtp \
  smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth smtpd_sasl_auth_enable=yes smtpd_tls_auth_only=no \
  smtpd_tls_cert_file=/etc/dovecot/cert.pem smtpd_tls_key_file=/etc/dovecot/key.pem \
  smtpd_tls_security_level=may smtputf8_enable=yes message_size_limit=200000000 mailbox_size_limit=0 \
  virtual_mailbox_limit=0 virtual_mailbox_base=/srv/mail virtual_uid_maps=static:5000 virtual_gid_maps=static:5000 \
  'transport_maps=inline:{utf8.example.org=virtual:,discard.example.org=discard:}' smtpd_client_connection_count_limit=0 in_flow_delay=0
postconf -M '587/inet=587 inet n - n - - smtpd -o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o smtpd_recipient_restrictions=reject_unlisted_recipient,permit_sasl_authenticated,reject'
postconf -M '588/inet=588 inet n - n - - smtpd -o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o smtpd_recipient_restrictions=reject_unlisted_recipient,permit_sasl_authenticated,reject -o smtpd_sasl_mechanism_filter=!oauthbearer,static:rest'
# Dovecot's LMTP takes no address that is not ASCII; Postfix's own delivery does.
echo 'jürgen@utf8.example.org u500/Maildir/' >>/etc/postfix/users
echo '@discard.example.org ok' >>/etc/postfix/users
postfix check
dovecot -F &
for i in 1 2 3 4 5 6 7 8 9 10; do
  [ -S /var/spool/postfix/private/auth ] && break
  sleep 0.5
done
exec postfix start-fg
