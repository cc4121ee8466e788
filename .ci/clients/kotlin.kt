// The scenario of README.md in this folder, with the client for Kotlin.
import java.io.File
import org.openapitools.client.apis.*
import org.openapitools.client.infrastructure.*
import org.openapitools.client.models.*

fun check(what: String, holds: Boolean) {
    if (!holds) throw AssertionError("kotlin: $what: not what was expected")
}

fun problem(call: () -> Unit): Problem {
    try {
        call()
    } catch (e: ClientException) {
        val body = (e.response as ClientError<*>).body as String
        return Serializer.moshi.adapter(Problem::class.java).fromJson(body)!!
    }
    throw AssertionError("kotlin: no problem where one was expected")
}

fun main(args: Array<String>) {
    val file = File(args[0])
    val url = System.getenv("POSTERN_URL")
    ApiClient.username = "demo"
    ApiClient.password = "demo"
    val messages = MessagesApi(url)
    val search = SearchApi(url)

    check("list", MailboxesApi(url).listMailboxes().items[0].role == "inbox")

    val fields = listOf(MessageField.FieldId, MessageField.FieldSubject)
    val first = messages.listMessages("inbox", limit = 3, fields = fields)
    val second = messages.listMessages("inbox", limit = 3, fields = fields, cursor = first.nextCursor)
    val ids = (first.items + second.items).map { it.id }
    check("page", ids.toSet().size == 6 && first.items[0].subject != null)

    check("get", messages.getMessage(ids[0], listOf(Include.IncludeText)).text!!.content.isNotEmpty())

    val flagged = messages.updateMessage(ids[0], MessagePatch(mapOf("\$flagged" to true)))
    check("flag", flagged.keywords!!["\$flagged"] == true)
    val cleared = messages.updateMessage(ids[0], MessagePatch(mapOf("\$flagged" to false)))
    check("unflag", "\$flagged" !in cleared.keywords!!)

    val batch = messages.batchMessages(BatchRequest(ids = ids.take(2), keywords = mapOf("\$seen" to true)))
    check("batch", batch.succeeded == 2 && batch.results[0].keywords!!["\$seen"] == true)

    val invoices = SearchFilter(hasAttachment = true, subject = "invoice")
    val found = search.searchMessages(SearchRequest(filter = invoices, limit = 5)).items
    check("search", found.isNotEmpty() && found.all { it.hasAttachment == true })

    val message = MessageRequest(
        to = listOf(EmailAddress("ada@example.org")),
        subject = "Numbers",
        text = "Hi",
        attachments = listOf(AttachmentSource(part = file.name)),
    )
    val draft = ComposeApi(url).createMessageWithFiles("drafts", files = listOf(file), message = message).id!!
    val stored = messages.getMessage(draft)
    check("compose", stored.subject == "Numbers" && stored.attachments[0].name == file.name)

    val copy = AttachmentsApi(url).downloadPart(draft, stored.attachments[0].partId)
    check("download", copy.readBytes().contentEquals(file.readBytes()))

    messages.deleteMessage(draft, permanent = true)
    val gone = problem { messages.getMessage(draft) }
    check("404", gone.status == 404 && gone.code == "message-not-found")
    val gmail = SearchRequest(filter = SearchFilter(gmailRaw = "has:drive"))
    val refused = problem { search.searchMessages(gmail) }
    check("422", refused.status == 422 && refused.code == "not-possible")
}
