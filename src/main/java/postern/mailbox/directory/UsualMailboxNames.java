package postern.mailbox.directory;

import java.text.Normalizer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import postern.imap.ListedMailbox;
import postern.imap.MailboxRole;

/** The names that mail programs and webmail services give to mailboxes with a role. */
final class UsualMailboxNames {

    /** The most usual first; English first, since servers create these by default. */
    private static final Map<MailboxRole, List<String>> NAMES =
            new EnumMap<>(
                    Map.of(
                            MailboxRole.DRAFTS,
                            names(
                                    "Drafts, Draft", // English
                                    "Entwürfe, Entwurf", // German
                                    "Brouillons, Brouillon", // French
                                    "Borradores, Borrador, Esborranys", // Spanish, Catalan
                                    "Bozze, Bozza", // Italian
                                    "Rascunhos, Rascunho", // Portuguese
                                    "Concepten, Concept", // Dutch
                                    "Utkast, Kladder, Udkast", // Swedish, Norwegian, Danish
                                    "Luonnokset", // Finnish
                                    "Szkice, Kopie robocze, Wersje robocze, Robocze", // Polish
                                    "Koncepty, Rozepsané, Rozpísané", // Czech, Slovak
                                    "Piszkozatok, Ciorne, Schițe, Skice, Osnutki", // hu, ro, hr, sl
                                    "Черновики, Чернетки, Чернови", // Russian, Ukrainian, Bulgarian
                                    "Mustandid, Melnraksti, Juodraščiai", // Estonian, Latvian,
                                    // Lith.
                                    "Taslaklar, Taslak", // Turkish
                                    "Πρόχειρα", // Greek
                                    "טיוטות, المسودات, مسودات", // Hebrew, Arabic
                                    "下書き", // Japanese
                                    "草稿, 草稿箱, 草稿夹, 草稿匣", // Chinese
                                    "임시보관함, 임시 보관함, 임시 보관 편지함, 초안", // Korean
                                    "Draf, Konsep, Thư nháp, Bản nháp, แบบร่าง"), // id, vi, th
                            MailboxRole.SENT,
                            names(
                                    "Sent, Sent Items, Sent Messages, Sent Mail, Sent-Mail",
                                    "Gesendet, Gesendete Elemente, Gesendete Objekte",
                                    "Gesendete Nachrichten, Gesendete Mails",
                                    "Envoyés, Éléments envoyés, Messages envoyés, Objets envoyés",
                                    "Envoyé, Courrier envoyé, Courriers envoyés",
                                    "Enviados, Elementos enviados, Mensajes enviados",
                                    "Correo enviado, Enviats",
                                    "Inviati, Inviata, Posta inviata, Elementi inviati",
                                    "Messaggi inviati",
                                    "Enviadas, Itens enviados, Mensagens enviadas",
                                    "E-mails enviados, Correio enviado",
                                    "Verzonden, Verzonden items, Verzonden berichten",
                                    "Verzonden objecten",
                                    "Skickat, Skickade, Skickade objekt, Skickade meddelanden",
                                    "Sendt, Sendte, Sendt post, Sendte elementer",
                                    "Lähetetyt, Lähetetyt kohteet, Lähetetyt viestit",
                                    "Wysłane, Elementy wysłane, Wysłane elementy",
                                    "Odeslané, Odeslaná pošta, Odeslané zprávy",
                                    "Odoslané, Odoslaná pošta",
                                    "Elküldött, Elküldött elemek, Elküldött üzenetek",
                                    "Trimise, Elemente trimise, Poslano, Poslane stavke, Poslane",
                                    "Отправленные, Отправленные элементы",
                                    "Надіслані, Відправлені, Надіслані елементи, Изпратени",
                                    "Saadetud, Nosūtītie, Išsiųsti",
                                    "Gönderilmiş Öğeler, Gönderilenler, Gönderilmiş, Gönderilen",
                                    "Gönderilmiş Postalar",
                                    "Απεσταλμένα, Σταλθέντα, Απεσταλμένα στοιχεία",
                                    "נשלח, פריטים שנשלחו, المرسلة, العناصر المرسلة, البريد المرسل",
                                    "送信済み, 送信済みアイテム, 送信済みメール, 送信済みトレイ, 送信控え",
                                    "已发送, 已发送邮件, 已发邮件, 已发送的邮件, 寄件備份, 寄件备份",
                                    "已傳送郵件, 已寄出, 已傳送的郵件, 寄件匣",
                                    "보낸편지함, 보낸 편지함, 보낸메일함, 보낸 메일함, 보낸 항목",
                                    "Terkirim, Thư đã gửi, Đã gửi, รายการที่ถูกส่ง"),
                            MailboxRole.TRASH,
                            names(
                                    "Trash, Deleted Items, Deleted Messages, Deleted, Bin, Rubbish",
                                    "Papierkorb, Gelöscht, Gelöschte Elemente, Gelöschte Objekte",
                                    "Gelöschte Nachrichten",
                                    "Corbeille, Éléments supprimés, Messages supprimés",
                                    "Objets supprimés, Supprimés, Poubelle",
                                    "Papelera, Elementos eliminados, Mensajes eliminados",
                                    "Eliminados, Papelera de reciclaje, Paperera",
                                    "Cestino, Posta eliminata, Elementi eliminati, Eliminati",
                                    "Messaggi eliminati",
                                    "Lixo, Lixeira, Itens excluídos, Itens eliminados, Excluídos",
                                    "Reciclagem, Mensagens excluídas",
                                    "Prullenbak, Prullenmand, Verwijderd, Verwijderde items",
                                    "Verwijderde berichten, Verwijderde objecten",
                                    "Papperskorgen, Papperskorg, Borttaget, Borttagna objekt",
                                    "Borttagna meddelanden",
                                    "Papirkurv, Slettet, Slettet post, Slettede elementer",
                                    "Papirkurven, Søppel",
                                    "Roskakori, Poistetut, Poistetut kohteet, Poistetut viestit",
                                    "Kosz, Elementy usunięte, Usunięte, Usunięte elementy",
                                    "Koš, Odstraněná pošta, Odstraněné, Smazané, Odstraněné zprávy",
                                    "Kôš, Odstránená pošta, Odstránené",
                                    "Kuka, Lomtár, Törölt elemek, Törölt",
                                    "Coș de gunoi, Gunoi, Elemente șterse, Smeće, Izbrisano, Koš",
                                    "Удаленные, Удалённые, Корзина, Удаленные элементы",
                                    "Кошик, Видалені, Видалені елементи, Смітник, Изтрити, Кошче",
                                    "Prügi, Prügikast, Kustutatud, Miskaste, Atkritne, Šiukšlinė",
                                    "Çöp Kutusu, Çöp, Silinmiş Öğeler, Silinenler, Silinmiş",
                                    "Silinmiş Postalar",
                                    "Κάδος απορριμμάτων, Κάδος, Διαγραμμένα, Διαγραμμένα στοιχεία",
                                    "Απορρίμματα",
                                    "אשפה, פריטים שנמחקו, سلة المهملات, المهملات, العناصر المحذوفة",
                                    "ゴミ箱, ごみ箱, 削除済みアイテム, 削除済み, 削除済みメール",
                                    "已删除, 已删除邮件, 已删除的邮件, 垃圾箱, 废件箱, 回收站",
                                    "已刪除的郵件, 刪除的郵件, 已刪除, 垃圾桶, 刪除的項目",
                                    "휴지통, 지운편지함, 지운 편지함, 삭제된 항목, 삭제된 메일함",
                                    "Sampah, Tempat Sampah, Thùng rác, Thư đã xóa, ถังขยะ"),
                            MailboxRole.JUNK,
                            names(
                                    "Junk, Spam, Junk E-mail, Junk Email, Junk Mail, Bulk Mail",
                                    "Bulk, Spambox, Unsolicited",
                                    "Spamverdacht, Unerwünscht, Unerwünschte Werbung",
                                    "Junk-E-Mail, Werbung",
                                    "Indésirables, Courrier indésirable, Pourriel",
                                    "Correo no deseado, No deseado, Correu brossa",
                                    "Posta indesiderata, Indesiderata",
                                    "Lixo eletrônico, Lixo eletrónico, Lixo electrónico",
                                    "Correio eletrônico não solicitado",
                                    "Ongewenste e-mail, Ongewenst, Ongewenste post",
                                    "Ongewenste reclame",
                                    "Skräppost, Uønsket e-mail, Uønsket e-post, Uønsket post",
                                    "Uønsket, Søppelpost",
                                    "Roskaposti, Roskapostit",
                                    "Wiadomości-śmieci, Niechciane, Wiadomości śmieci",
                                    "Nevyžádaná pošta, Nevyžádané, Nevyžiadaná pošta",
                                    "Levélszemét, Mesaje nedorite, Neželjena pošta, Neželena pošta",
                                    "Спам, Нежелательная почта, Нежелательные",
                                    "Небажана пошта, Небажані, Нежелана поща",
                                    "Rämpspost, Mēstules, Brukalas",
                                    "Gereksiz E-posta, Gereksiz, İstenmeyen, Önemsiz E-posta",
                                    "Önemsiz",
                                    "Ανεπιθύμητα, Ανεπιθύμητη αλληλογραφία",
                                    "Ανεπιθύμητη ηλεκτρονική αλληλογραφία",
                                    "דואר זבל, ספאם, البريد غير المرغوب فيه, بريد غير هام",
                                    "迷惑メール",
                                    "垃圾邮件, 垃圾郵件, 垃圾信件, 广告邮件",
                                    "스팸, 스팸메일함, 스팸함, 정크 메일, 정크메일함, 스팸 편지함",
                                    "Thư rác, อีเมลขยะ"),
                            MailboxRole.ARCHIVE,
                            names(
                                    "Archive, Archives, Archived",
                                    "Archiv, Archives, Archivo, Archivos, Archivados, Arxiu",
                                    "Archivio, Archiviati, Arquivo, Arquivados, Arquivo morto",
                                    "Archief, Gearchiveerd, Arkiv, Arkiverat, Arkiveret",
                                    "Arkisto, Arkistoidut, Archiwum, Archív, Archívum",
                                    "Arhivă, Arhiva, Arhiv",
                                    "Архив, Архів, Arhiiv, Arhīvs, Archyvas",
                                    "Arşiv, Αρχείο, Αρχειοθήκη, ארכיון, الأرشيف, أرشيف",
                                    "アーカイブ, 存档, 归档, 封存, 保存, 存檔, 보관함, 보관",
                                    "Arsip, Lưu trữ, เก็บถาวร")));

    /** Some servers keep all mailboxes, or all with a role, below one of these. */
    private static final List<String> ROOTS = List.of("inbox", "[gmail]", "[google mail]");

    private UsualMailboxNames() {}

    private static List<String> names(String... lines) {
        return Stream.of(lines)
                .flatMap(line -> Stream.of(line.split(", ")))
                .map(UsualMailboxNames::normalized)
                .distinct()
                .toList();
    }

    static Set<MailboxRole> roles() {
        return NAMES.keySet();
    }

    /**
     * The usual names for a role, the most usual first, normalised as by {@link
     * #of(ListedMailbox)}.
     */
    static List<String> of(MailboxRole role) {
        return NAMES.getOrDefault(role, List.of());
    }

    /**
     * The normalised name of a mailbox; empty if the mailbox is too deep in the tree to have a
     * role.
     */
    static Optional<String> of(ListedMailbox mailbox) {
        var delimiter = mailbox.delimiter();
        var name = mailbox.name().decoded();
        if (delimiter == null) {
            return Optional.of(normalized(name));
        }
        int first = name.indexOf(delimiter);
        if (first >= 0 && ROOTS.contains(name.substring(0, first).toLowerCase(Locale.ROOT))) {
            name = name.substring(first + 1);
        }
        return name.indexOf(delimiter) >= 0 ? Optional.empty() : Optional.of(normalized(name));
    }

    /** Normalises Unicode form, apostrophes, case and spaces. */
    private static String normalized(String name) {
        return Normalizer.normalize(
                name.toLowerCase(Locale.ROOT)
                        .replace('’', '\'')
                        .replace('_', ' ')
                        .strip()
                        .replaceAll("\\s+", " "),
                Normalizer.Form.NFC);
    }
}
