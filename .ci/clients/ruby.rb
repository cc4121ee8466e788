# The scenario of README.md in this folder, with the client for Ruby.
require 'uri'
require 'openapi_client'
include OpenapiClient

def check(what, holds)
  abort "ruby: #{what}: not what was expected" unless holds
end

def problem
  yield
rescue ApiError => e
  Problem.build_from_hash(JSON.parse(e.response_body, symbolize_names: true))
else
  abort 'ruby: no problem where one was expected'
end

path = ARGV[0]
url = URI(ENV.fetch('POSTERN_URL'))
OpenapiClient.configure do |c|
  c.scheme, c.host = url.scheme, "#{url.host}:#{url.port}"
  c.username, c.password = 'demo', 'demo'
end
messages = MessagesApi.new
attachments = AttachmentsApi.new

mailboxes = MailboxesApi.new.list_mailboxes.items
check 'list', mailboxes.first.role == 'inbox'

fields = [MessageField::FieldId, MessageField::FieldSubject]
first = messages.list_messages('inbox', limit: 3, fields: fields)
second = messages.list_messages('inbox', limit: 3, fields: fields, cursor: first.next_cursor)
ids = (first.items + second.items).map(&:id)
check 'page', ids.uniq.size == 6 && first.items.first.subject

check 'get', messages.get_message(ids[0], include: ['text']).text.content

flagged = messages.update_message(ids[0], MessagePatch.new(keywords: { '$flagged' => true }))
check 'flag', flagged.keywords['$flagged']
cleared = messages.update_message(ids[0], MessagePatch.new(keywords: { '$flagged' => false }))
check 'unflag', !cleared.keywords.key?('$flagged')

batch = messages.batch_messages(BatchRequest.new(ids: ids[0, 2], keywords: { '$seen' => true }))
check 'batch', batch.succeeded == 2 && batch.results.first.keywords['$seen']

filter = SearchFilter.new(has_attachment: true, subject: 'invoice')
found = SearchApi.new.search_messages(SearchRequest.new(filter: filter, limit: 5))
check 'search', found.items.any? && found.items.all?(&:has_attachment)

name = File.basename(path)
message = MessageRequest.new(
  to: [EmailAddress.new(email: 'ada@example.org')],
  subject: 'Numbers',
  text: 'Hi',
  attachments: [AttachmentSource.new(part: 'files[0]', name: name)]
)
draft = ComposeApi.new.create_message_with_files(
  'drafts', files: [File.open(path)], message: message.to_hash.to_json
)
stored = messages.get_message(draft.id)
check 'compose', stored.subject == 'Numbers' && stored.attachments.first.name == name

file = attachments.download_part(draft.id, stored.attachments.first.part_id)
check 'download', File.binread(file.path) == File.binread(path)

messages.delete_message(draft.id, permanent: true)
gone = problem { messages.get_message(draft.id) }
check '404', gone.status == 404 && gone.code == 'message-not-found'
filter = SearchFilter.new(gmail_raw: 'has:drive')
refused = problem { SearchApi.new.search_messages(SearchRequest.new(filter: filter)) }
check '422', refused.status == 422 && refused.code == 'not-possible'
