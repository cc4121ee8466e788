package postern.mime.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognises how mail programs introduce quotations, in many languages. */
public final class QuoteWords {

    private static final int LONGEST_ATTRIBUTION = 400;

    private static final Pattern WROTE =
            Pattern.compile(
                    "\\b(wrote|writes|schrieb|schreef|skrev|skriver|skrifaði|kirjoitti|kirjoittaa|kirjutas|escribió|escribiu|escreveu|scritto|scrisse|escrit|idatzi"
                            + " du|napisał|napisała|pisze|napsal|napsala|napísal|napísala|píše|napisal|napisala|napisao|je"
                            + " pisao"
                            + "|parašė|rašė|rakstīja|raksta|yazdı|scris|írta|menulis|scríobh|ysgrifennodd"
                            + "|пишет|пише|писал|написал|написала|написав|написала|написа|напиша|напісаў"
                            + "|έγραψε|έγραψαν)\\b|a écrit|a scris|writes?:|写道|寫道|書きました|のメール|さんは書|작성|님이"
                            + " 쓴|đã viết|כתב|كتب|نوشت|เขียนว่า|ने लिखा",
                    Pattern.CASE_INSENSITIVE
                            | Pattern.UNICODE_CASE
                            | Pattern.UNICODE_CHARACTER_CLASS);

    // In any language, an attribution has a date and a time, or ends with an address.

    private static final Pattern ADDRESS_AT_END =
            Pattern.compile("[<(\\[][^\\s<>()\\[\\]@]+@[^\\s<>()\\[\\]@]+[>)\\]]\\s*[:：]\\*?$");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>()\\[\\]@]+@[^\\s<>()\\[\\]@]+");
    private static final Pattern DATE =
            Pattern.compile(
                    "(?<!\\d)\\d{1,4}(?:[./-]\\s?|[年년]\\s?)\\d{1,2}(?:[./-]\\s?|[月월]\\s?)\\d{1,4}(?!\\d)",
                    Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern YEAR =
            Pattern.compile("(?<![\\d:.])\\d{4}(?![\\d:])", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern DAY =
            Pattern.compile("(?<![\\d:.])\\d{1,2}(?![\\d:])", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern TIME =
            Pattern.compile(
                    "(?<!\\d)\\d{1,2}\\s?[:：.hH時点시]\\s?\\d{2}(?!\\d)",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern FORMAT = Pattern.compile("\\p{Cf}");
    private static final Pattern SPACE = Pattern.compile("[\\p{Zs}\\s]+");

    /** The style of the box that Outlook draws around a quoted header, in any language. */
    public static final Pattern OUTLOOKS_RULE =
            Pattern.compile("border-top\\s*+:\\s*+solid\\s", Pattern.CASE_INSENSITIVE);

    private static final Pattern FIELD =
            Pattern.compile("\\*?\\p{L}[\\p{L}\\p{M} .'’*-]{0,23}\\h?[:：].*", Pattern.DOTALL);

    private static final Pattern ORIGINAL =
            Pattern.compile(
                    "[-_*]{2,}\\s*(original message|ursprüngliche"
                            + " nachricht|originalnachricht|message d.origine|message original|mensaje"
                            + " original|messaggio originale|mensagem original|oorspronkelijk"
                            + " bericht|originalmeddelande|ursprungligt meddelande|oprindelig"
                            + " meddelelse|original meddelelse|opprinnelig melding|alkuperäinen"
                            + " viesti|wiadomość oryginalna|oryginalna wiadomość|původní"
                            + " zpráva|исходное сообщение|оригинальное сообщение|原始邮件|原始郵件|元のメッセージ|원본"
                            + " 메시지)\\s*[-_*]{2,}",
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
                    "보낸 사람",
                    "feladó",
                    "de la",
                    "expeditor",
                    "від",
                    "από",
                    "מאת",
                    "من",
                    "从",
                    "avsender",
                    "afsender",
                    "expéditeur",
                    "absender",
                    "từ",
                    "จาก",
                    "dari",
                    "no",
                    "nuo",
                    "saatja",
                    "šalje",
                    "подател");
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
                    "보낸 날짜",
                    "küldve",
                    "elküldve",
                    "dátum",
                    "trimis",
                    "dată",
                    "надіслано",
                    "στάλθηκε",
                    "ημερομηνία",
                    "נשלח",
                    "תאריך",
                    "تم الإرسال",
                    "التاريخ",
                    "đã gửi",
                    "ngày",
                    "ส่ง",
                    "วันที่",
                    "dikirim",
                    "tanggal",
                    "nosūtīts",
                    "išsiųsta",
                    "saadetud",
                    "poslano",
                    "odoslané",
                    "изпратено",
                    "päiväys",
                    "päivämäärä",
                    "發送時間",
                    "寄件時間",
                    "時間",
                    "时间");
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
                    "제목",
                    "tárgy",
                    "subiect",
                    "θέμα",
                    "נושא",
                    "الموضوع",
                    "chủ đề",
                    "เรื่อง",
                    "subjek",
                    "perihal",
                    "temats",
                    "tēma",
                    "teema",
                    "predmet",
                    "zadeva",
                    "относно",
                    "主題",
                    "emnet",
                    "objecte");

    private QuoteWords() {}

    /** Whether it is an attribution, such as {@code On 1 March Ada wrote:}. */
    public static boolean attributes(String text) {
        if (text.length() > LONGEST_ATTRIBUTION) {
            return false;
        }
        var line = plain(text);
        return (line.endsWith(":") || line.endsWith("：") || line.endsWith(":*"))
                && (WROTE.matcher(line).find()
                        || ADDRESS_AT_END.matcher(line).find()
                        || isDated(line));
    }

    /** Removes direction marks, which occur anywhere in Hebrew and Arabic attributions. */
    private static String plain(String text) {
        var visible = FORMAT.matcher(text).replaceAll("");
        return SPACE.matcher(visible).replaceAll(" ").strip();
    }

    /** A date alone is not enough: {@code The plan for 28.11.2026:} is the sender's own text. */
    private static boolean isDated(String line) {
        if (!hasDate(line)) {
            return false;
        }
        var address = ADDRESS.matcher(line);
        return address.find() || TIME.matcher(DATE.matcher(line).replaceAll(" ")).find();
    }

    private static boolean hasDate(String line) {
        var rest = ADDRESS.matcher(line).replaceAll("");
        return DATE.matcher(rest).find() || YEAR.matcher(rest).find() && DAY.matcher(rest).find();
    }

    /** Whether the second line continues an attribution whose date is in the first. */
    public static boolean continues(String above, String line) {
        if (above.isBlank() || above.length() > LONGEST_ATTRIBUTION) {
            return false;
        }
        var before = plain(above);
        return !before.isEmpty()
                && ".!?".indexOf(before.charAt(before.length() - 1)) < 0
                && (!before.endsWith(":") || attributes(before))
                && hasDate(before)
                && !hasDate(line);
    }

    public static boolean announcesOriginal(String line) {
        return line.length() < 100 && ORIGINAL.matcher(line.strip()).matches();
    }

    /**
     * Whether it announces a forwarded message, which is not folded, since it is the content of the
     * mail.
     */
    public static boolean announcesForwarded(String text) {
        var line = text.strip();
        return !announcesOriginal(line) && FORWARDED.matcher(line).matches();
    }

    /** Whether these lines begin with a quoted message header as Outlook writes it. */
    public static boolean isHeader(List<String> lines) {
        return !lines.isEmpty()
                && isFrom(lines.getFirst())
                && lines.stream().anyMatch(QuoteWords::isSent)
                && lines.stream().anyMatch(QuoteWords::isSubject);
    }

    /** Whether it looks like a header field, in any language. */
    public static boolean isField(String line) {
        return FIELD.matcher(line).matches();
    }

    /**
     * Whether a text with this beginning may be such a header, even if its colon is not included.
     */
    public static boolean beginsFrom(String beginning) {
        return isFrom(beginning)
                || FROM.contains(beginning.replace("*", "").strip().toLowerCase(Locale.ROOT));
    }

    public static boolean isFrom(String line) {
        return FROM.contains(field(line));
    }

    public static boolean isSent(String line) {
        return SENT.contains(field(line));
    }

    static boolean isSubject(String line) {
        return SUBJECT.contains(field(line));
    }

    /** The name before the colon, which may be in bold: {@code *From:* Ada}. */
    private static String field(String line) {
        int colon = line.indexOf(':');
        colon = colon < 0 ? line.indexOf('：') : colon;
        return colon < 0 || colon > 24
                ? ""
                : line.substring(0, colon).replace("*", "").strip().toLowerCase(Locale.ROOT);
    }
}
