<?php
// The scenario of README.md in this folder, with the client for PHP.

use OpenAPI\Client\Api\{AttachmentsApi, ComposeApi, MailboxesApi, MessagesApi, SearchApi};
use OpenAPI\Client\{ApiException, Configuration};
use OpenAPI\Client\Model\{AttachmentSource, BatchRequest, EmailAddress, MessageField, MessagePatch, MessageRequest};
use OpenAPI\Client\Model\{ModelInclude, Problem, SearchFilter, SearchRequest};

require 'autoload.php';

function check(string $what, bool $holds): void
{
    if (!$holds) {
        fwrite(STDERR, "php: $what: not what was expected\n");
        exit(1);
    }
}

function problem(callable $call): Problem
{
    try {
        $call();
    } catch (ApiException $e) {
        return $e->getResponseObject();
    }
    check('a problem', false);
}

$path = $argv[1];
$config = Configuration::getDefaultConfiguration()
    ->setHost(getenv('POSTERN_URL'))->setUsername('demo')->setPassword('demo');
$messages = new MessagesApi();
$attachments = new AttachmentsApi();

$mailboxes = (new MailboxesApi())->listMailboxes()->getItems();
check('list', $mailboxes[0]->getRole() === 'inbox');

$fields = [MessageField::FIELD_ID, MessageField::FIELD_SUBJECT];
$first = $messages->listMessages('inbox', limit: 3, fields: $fields);
$second = $messages->listMessages('inbox', limit: 3, fields: $fields, cursor: $first->getNextCursor());
$ids = array_map(fn ($m) => $m->getId(), [...$first->getItems(), ...$second->getItems()]);
check('page', count(array_unique($ids)) === 6 && $first->getItems()[0]->getSubject() !== '');

$message = $messages->getMessage($ids[0], [ModelInclude::INCLUDE_TEXT]);
check('get', $message->getText()->getContent() !== '');

$flagged = $messages->updateMessage($ids[0], new MessagePatch(['keywords' => ['$flagged' => true]]));
check('flag', $flagged->getKeywords()['$flagged']);
$cleared = $messages->updateMessage($ids[0], new MessagePatch(['keywords' => ['$flagged' => false]]));
check('unflag', !isset($cleared->getKeywords()['$flagged']));

$batch = $messages->batchMessages(
    new BatchRequest(['ids' => array_slice($ids, 0, 2), 'keywords' => ['$seen' => true]]));
check('batch', $batch->getSucceeded() === 2 && $batch->getResults()[0]->getKeywords()['$seen']);

$search = new SearchApi();
$filter = new SearchFilter(['has_attachment' => true, 'subject' => 'invoice']);
$found = $search->searchMessages(new SearchRequest(['filter' => $filter, 'limit' => 5]))->getItems();
check('search', count($found) > 0 && array_all($found, fn ($m) => $m->getHasAttachment()));

$name = basename($path);
$message = new MessageRequest([
    'to' => [new EmailAddress(['email' => 'ada@example.org'])],
    'subject' => 'Numbers',
    'text' => 'Hi',
    'attachments' => [new AttachmentSource(['part' => 'files[0]', 'name' => $name])],
]);
$draft = (new ComposeApi())->createMessageWithFiles(
    'drafts', files: [new SplFileObject($path)], message: json_encode($message));
$stored = $messages->getMessage($draft->getId());
check('compose', $stored->getSubject() === 'Numbers' && $stored->getAttachments()[0]->getName() === $name);

$file = $attachments->downloadPart($draft->getId(), $stored->getAttachments()[0]->getPartId());
check('download', file_get_contents($file->getPathname()) === file_get_contents($path));

$messages->deleteMessage($draft->getId(), permanent: true);
$gone = problem(fn () => $messages->getMessage($draft->getId()));
check('404', $gone->getStatus() === 404 && $gone->getCode() === 'message-not-found');
$filter = new SearchFilter(['gmail_raw' => 'has:drive']);
$refused = problem(fn () => $search->searchMessages(new SearchRequest(['filter' => $filter])));
check('422', $refused->getStatus() === 422 && $refused->getCode() === 'not-possible');
