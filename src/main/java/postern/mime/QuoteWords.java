package postern.mime;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How mail programs introduce what they quote, in the languages that they speak. */
final class QuoteWords {

    private static final int LONGEST_ATTRIBUTION = 400;

    private static final Pattern WROTE =
            Pattern.compile(
                    "\\b(wrote|writes|schrieb|schreef|skrev|skrifaði|kirjoitti|escribió|escreveu|scritto"
                            + "|napisał|napisała|napsal|napsala|napísal|yazdı|scris|napisao|írta)\\b"
                            + "|a écrit|a scris|пишет|писал|написал|έγραψε|写道|寫道|書きました|のメール"
                            + "|작성|đã viết|כתב|كتب",
                    Pattern.CASE_INSENSITIVE
                            | Pattern.UNICODE_CASE
                            | Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern ORIGINAL =
            Pattern.compile(
                    "[-_*]{2,}\\s*(original message|ursprüngliche nachricht|originalnachricht"
                            + "|message d.origine|message original|mensaje original|messaggio originale"
                            + "|mensagem original|oorspronkelijk bericht|originalmeddelande"
                            + "|ursprungligt meddelande|oprindelig meddelelse|original meddelelse"
                            + "|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna"
                            + "|oryginalna wiadomość|původní zpráva|исходное сообщение"
                            + "|оригинальное сообщение|原始邮件|原始郵件|元のメッセージ|원본 메시지)\\s*[-_*]{2,}",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern FORWARDED =
            Pattern.compile(
                    "-{2,}\\s*\\p{L}.*|(begin forwarded message|anfang der weitergeleiteten"
                            + "|début du message (réexpédié|transféré)|inicio del mensaje reenviado"
                            + "|inizio messaggio inoltrato|begin doorgestuurd bericht"
                            + "|vidarebefordrat (brev|mejl)).*",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

    private static final Set<String> FROM =
            Set.of(
                    "from",
                    "von",
                    "de",
                    "da",
                    "van",
                    "från",
                    "fra",
                    "lähettäjä",
                    "od",
                    "от",
                    "kimden",
                    "发件人",
                    "寄件者",
                    "差出人",
                    "보낸 사람");
    private static final Set<String> SENT =
            Set.of(
                    "sent",
                    "date",
                    "gesendet",
                    "datum",
                    "envoyé",
                    "enviado",
                    "enviado el",
                    "fecha",
                    "data",
                    "inviato",
                    "verzonden",
                    "skickat",
                    "sendt",
                    "dato",
                    "lähetetty",
                    "wysłano",
                    "odesláno",
                    "отправлено",
                    "дата",
                    "gönderildi",
                    "tarih",
                    "发送时间",
                    "日期",
                    "寄件日期",
                    "送信日時",
                    "보낸 날짜");
    private static final Set<String> SUBJECT =
            Set.of(
                    "subject",
                    "betreff",
                    "objet",
                    "asunto",
                    "oggetto",
                    "assunto",
                    "onderwerp",
                    "ämne",
                    "emne",
                    "aihe",
                    "temat",
                    "předmět",
                    "тема",
                    "konu",
                    "主题",
                    "主旨",
                    "件名",
                    "제목");

    private QuoteWords() {}

    /** Whether it says who wrote what follows, such as {@code On 1 March Ada wrote:}. */
    static boolean attributes(String text) {
        var line = text.strip();
        return line.length() <= LONGEST_ATTRIBUTION
                && (line.endsWith(":") || line.endsWith("：") || line.endsWith(":*"))
                && WROTE.matcher(line).find();
    }

    static boolean announcesOriginal(String line) {
        return line.length() < 100 && ORIGINAL.matcher(line.strip()).matches();
    }

    /** Whether it says that what follows was passed on: that is what the mail is about. */
    static boolean announcesForwarded(String text) {
        var line = text.strip();
        return !announcesOriginal(line) && FORWARDED.matcher(line).matches();
    }

    static boolean isFrom(String line) {
        return FROM.contains(field(line));
    }

    static boolean isSent(String line) {
        return SENT.contains(field(line));
    }

    static boolean isSubject(String line) {
        return SUBJECT.contains(field(line));
    }

    /** The name in front of the colon, which may be in bold: {@code *From:* Ada}. */
    private static String field(String line) {
        int colon = line.indexOf(':');
        colon = colon < 0 ? line.indexOf('：') : colon;
        return colon < 0 || colon > 24
                ? ""
                : line.substring(0, colon).replace("*", "").strip().toLowerCase(Locale.ROOT);
    }
}
