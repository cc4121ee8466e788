package postern.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static postern.demo.LetterFactory.READ;
import static postern.demo.LetterFactory.READ_AND_FLAGGED;
import static postern.demo.LetterFactory.UNREAD;
import static postern.samplemail.TransferEncoding.BASE64;
import static postern.samplemail.TransferEncoding.QUOTED_PRINTABLE;
import static postern.samplemail.TransferEncoding.SEVEN_BIT;

import java.nio.charset.Charset;
import java.util.List;
import postern.samplemail.Entity;
import postern.samplemail.Person;
import postern.samplemail.SampleFile;

/** Mail in other languages than English, in their traditional charsets. */
record WorldLetters(LetterFactory desk) {
    List<DemoMessage> all() {
        return List.of(japanese(), russian(), arabic(), german(), chinese(), korean());
    }

    private DemoMessage japanese() {
        var text =
                """
                アレックス様

                お世話になっております。
                お見積書を添付いたしますので、ご確認くださいますようお願いいたします。

                山田 太郎
                """;
        var quote = SampleFile.pdf("御見積書.pdf", "Quotation", List.of("Total: JPY 128,000"));
        return desk.received(
                "japanese",
                "PT1H20M",
                READ_AND_FLAGGED,
                new Person("山田 太郎", "taro.yamada@example.com"),
                letter ->
                        letter.subject("お見積書送付のご案内")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.text(
                                                        "text/plain",
                                                        text,
                                                        Charset.forName("iso-2022-jp"),
                                                        SEVEN_BIT),
                                                Entity.attachment(quote))));
    }

    private DemoMessage russian() {
        var text = "Здравствуйте!\n\nВысылаю договор на подпись. Жду ответа до пятницы.\n\nОльга\n";
        var contract = SampleFile.pdf("Договор № 7.pdf", "Contract 7", List.of("Signature:"));
        return desk.received(
                "russian",
                "PT3H30M",
                UNREAD,
                new Person("Ольга Соколова", "olga@example.net"),
                letter ->
                        letter.subject("Договор на подпись")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.text(
                                                        "text/plain",
                                                        text,
                                                        Charset.forName("koi8-r"),
                                                        BASE64),
                                                Entity.attachment(contract))));
    }

    private DemoMessage arabic() {
        var html =
                "<div dir=\"rtl\"><p>مرحبا أليكس،</p><p>تم تأجيل الاجتماع إلى يوم الخميس.</p></div>\n";
        return desk.received(
                "arabic",
                "PT7H",
                READ,
                new Person("ليلى حسن", "layla@example.com"),
                letter ->
                        letter.subject("تأجيل الاجتماع")
                                .with(
                                        Entity.multipart(
                                                "alternative",
                                                Entity.text(
                                                        "text/plain",
                                                        "مرحبا أليكس،\n\nتم تأجيل الاجتماع إلى يوم الخميس.\n",
                                                        UTF_8,
                                                        BASE64),
                                                Entity.text("text/html", html, UTF_8, BASE64))));
    }

    private DemoMessage german() {
        var text = "Hallo Alex,\n\nschöne Grüße aus Köln! Der Zug fährt um 14:05 Uhr.\n\nJürgen\n";
        return desk.received(
                "german",
                "P1DT1H",
                READ,
                new Person("Jürgen Groß", "juergen@example.de"),
                letter ->
                        letter.subject("Grüße aus Köln")
                                .with(
                                        Entity.text(
                                                "text/plain", text, ISO_8859_1, QUOTED_PRINTABLE)));
    }

    private DemoMessage chinese() {
        return desk.received(
                "chinese",
                "P1DT4H",
                READ,
                new Person("王芳", "wang.fang@example.com"),
                letter ->
                        letter.subject("下周会议安排")
                                .with(
                                        Entity.text(
                                                "text/plain",
                                                "您好，\n\n下周的会议改到星期四上午十点。\n",
                                                Charset.forName("gb18030"),
                                                BASE64)));
    }

    private DemoMessage korean() {
        return desk.received(
                "korean",
                "P1DT7H",
                READ,
                new Person("김민준", "minjun@example.com"),
                letter ->
                        letter.subject("회의록을 보냅니다")
                                .with(
                                        Entity.text(
                                                "text/plain",
                                                "안녕하세요, 회의록을 보냅니다.\n",
                                                Charset.forName("euc-kr"),
                                                BASE64)));
    }
}
