package postern.samplemail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static postern.samplemail.TransferEncoding.BASE64;
import static postern.samplemail.TransferEncoding.EIGHT_BIT;
import static postern.samplemail.TransferEncoding.QUOTED_PRINTABLE;
import static postern.samplemail.TransferEncoding.SEVEN_BIT;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A language with typical senders, subjects and its charset before UTF-8. */
enum Language {
    ENGLISH(
            US_ASCII,
            SEVEN_BIT,
            List.of("Ada Byron", "Grace Hopper", "Pat O'Neil", "Linus Marsh", "Dr. Mary Shaw, PhD"),
            List.of(
                    "Release plan for the spring update",
                    "Minutes of Tuesday's meeting",
                    "Budget, second draft",
                    "Server maintenance on Saturday night",
                    "Your order has been shipped",
                    "Lunch next week?",
                    "Contract for signature",
                    "Question about the March report"),
            List.of(
                    "Please find the figures below.",
                    "I have gone through the draft and left my remarks in the margin.",
                    "The review is on Thursday at ten, in the small room on the second floor.",
                    "Could you have a look before the end of the week?",
                    "The supplier confirmed delivery, but only for the first half of the order.",
                    "Let us keep the old server for another month, just to be safe.",
                    "Nothing urgent, but I would not like to forget it again.",
                    "We agreed to move the deadline by a week so that testing gets its share.",
                    "The numbers for March look better than those for February.",
                    "If there are no objections, I will send the contract out tomorrow.",
                    "By the way, the coffee machine has been repaired.",
                    "See https://example.org/wiki/release?page=2&view=all for the details.")),
    GERMAN(
            ISO_8859_1,
            QUOTED_PRINTABLE,
            List.of("Jürgen Groß", "Käthe Müller", "Sören Weiß"),
            List.of("Grüße aus Köln", "Rückfrage zum Angebot", "Übergabe am Freitag"),
            List.of(
                    "Anbei die überarbeitete Fassung, die Änderungen sind markiert.",
                    "Können wir den Termin auf Freitag verschieben?",
                    "Für die Übergabe fehlt noch die Prüfliste.",
                    "Schöne Grüße, auch von den Kollegen aus Köln.")),
    FRENCH(
            Charset.forName("windows-1252"),
            EIGHT_BIT,
            List.of("Élodie Châtelain", "Benoît Lefèvre"),
            List.of("Réunion déplacée à jeudi", "Votre facture n° 2045", "Été 2026 : congés"),
            List.of(
                    "Voici le compte rendu de la réunion d’hier – n’hésitez pas à le compléter.",
                    "Le prix est désormais de 120 €, livraison comprise.",
                    "Pourriez-vous me répondre avant vendredi ?",
                    "L’hôtel près de la gare est déjà réservé.")),
    POLISH(
            Charset.forName("iso-8859-2"),
            QUOTED_PRINTABLE,
            List.of("Łukasz Żółć", "Świętosława Dąbrowska"),
            List.of("Żądanie urlopu", "Wyniki za pierwszy kwartał"),
            List.of(
                    "W załączeniu przesyłam poprawioną wersję umowy.",
                    "Czy możemy się spotkać w przyszłą środę?",
                    "Zażółć gęślą jaźń, jak mówią drukarze.")),
    RUSSIAN(
            Charset.forName("koi8-r"),
            BASE64,
            List.of("Иван Петров", "Ольга Соколова"),
            List.of("Отчёт за март", "Договор на подпись", "Встреча в четверг"),
            List.of(
                    "Высылаю договор, посмотрите, пожалуйста, третий пункт.",
                    "Встреча переносится на четверг, на десять часов.",
                    "Спасибо за быстрый ответ, вопрос решён.")),
    GREEK(
            Charset.forName("iso-8859-7"),
            BASE64,
            List.of("Νίκος Παππάς"),
            List.of("Πρόσκληση σε συνάντηση"),
            List.of(
                    "Σας στέλνω το πρόγραμμα της συνάντησης.",
                    "Θα χαρούμε πολύ να σας δούμε στην Αθήνα.")),
    JAPANESE(
            Charset.forName("iso-2022-jp"),
            SEVEN_BIT,
            List.of("山田 太郎", "佐藤 花子"),
            List.of("会議の日程について", "請求書送付のご案内", "資料の確認のお願い"),
            List.of(
                    "お世話になっております。",
                    "会議の日程を変更させていただきたく、ご連絡いたしました。",
                    "添付の資料をご確認ください。",
                    "どうぞよろしくお願いいたします。")),
    CHINESE(
            Charset.forName("gb18030"),
            BASE64,
            List.of("李小明", "王芳"),
            List.of("合同请查收", "下周会议安排"),
            List.of("您好，附件是合同，请查收。", "下周的会议改到星期四上午十点。", "如有问题，请随时联系我。")),
    KOREAN(
            Charset.forName("euc-kr"),
            BASE64,
            List.of("김민준", "이서연"),
            List.of("회의록을 보냅니다", "일정 변경 안내"),
            List.of("안녕하세요, 회의록을 보냅니다.", "다음 주 일정이 변경되었습니다.", "확인 부탁드립니다.")),
    ARABIC(
            Charset.forName("windows-1256"),
            BASE64,
            List.of("محمد علي", "ليلى حسن"),
            List.of("موعد الاجتماع", "تقرير الشهر"),
            List.of(
                    "مرحبا، أرسل لكم التقرير الشهري.",
                    "تم تأجيل الاجتماع إلى يوم الخميس.",
                    "مع أطيب التحيات.")),
    HEBREW(
            Charset.forName("windows-1255"),
            QUOTED_PRINTABLE,
            List.of("דוד כהן"),
            List.of("סיכום הפגישה"),
            List.of("שלום, מצורף סיכום הפגישה.", "נשמח לקבל הערות עד יום ראשון."));

    private static final List<String> DOMAINS =
            List.of("example.org", "example.com", "mail.example.net", "lists.example.org");

    private final Charset legacyCharset;
    private final TransferEncoding legacyEncoding;
    private final List<String> names;
    private final List<String> subjects;
    private final List<String> sentences;

    Language(
            Charset legacyCharset,
            TransferEncoding legacyEncoding,
            List<String> names,
            List<String> subjects,
            List<String> sentences) {
        this.legacyCharset = legacyCharset;
        this.legacyEncoding = legacyEncoding;
        this.names = names;
        this.subjects = subjects;
        this.sentences = sentences;
    }

    static Language roll(SeededRandom dice) {
        return dice.happens(0.6) ? ENGLISH : dice.pick(List.of(values()));
    }

    Charset legacyCharset() {
        return legacyCharset;
    }

    TransferEncoding legacyEncoding() {
        return legacyEncoding;
    }

    Person person(SeededRandom dice) {
        int who = dice.between(0, names.size() - 1);
        var local = "%s.%d".formatted(name().toLowerCase(Locale.ROOT), who + 1);
        return new Person(names.get(who), local + "@" + dice.pick(DOMAINS));
    }

    String subject(SeededRandom dice) {
        return dice.pick(subjects);
    }

    List<String> paragraphs(SeededRandom dice) {
        int count = dice.pick(List.of(1, 2, 2, 3, 3, 4, 6, 12));
        return Stream.generate(() -> paragraph(dice)).limit(count).toList();
    }

    private String paragraph(SeededRandom dice) {
        int count = dice.between(1, 5);
        return Stream.generate(() -> dice.pick(sentences))
                .limit(count)
                .collect(Collectors.joining(" "));
    }
}
