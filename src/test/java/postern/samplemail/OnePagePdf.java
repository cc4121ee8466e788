package postern.samplemail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A minimal valid PDF with a title and a few lines of Latin-1 text. */
final class OnePagePdf {
    private OnePagePdf() {}

    static byte[] of(String title, List<String> lines) {
        var page = page(title, lines);
        var objects =
                List.of(
                        "<< /Type /Catalog /Pages 2 0 R >>",
                        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
                                + " /Resources << /Font << /F1 4 0 R >> >> >>",
                        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
                                + " /Encoding /WinAnsiEncoding >>",
                        "<< /Length " + page.length() + " >>\nstream\n" + page + "endstream");
        return document(objects).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String page(String title, List<String> lines) {
        var text = new StringBuilder("BT\n/F1 20 Tf\n56 770 Td\n" + shown(title));
        text.append("/F1 11 Tf\n0 -36 Td\n");
        lines.forEach(line -> text.append(shown(line)).append("0 -17 Td\n"));
        return text.append("ET\n").toString();
    }

    private static String shown(String line) {
        var escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
        return "(" + escaped + ") Tj\n";
    }

    private static String document(List<String> objects) {
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new ArrayList<Integer>();
        for (var object : objects) {
            offsets.add(pdf.length());
            pdf.append("%d 0 obj\n%s\nendobj\n".formatted(offsets.size(), object));
        }
        int table = pdf.length();
        pdf.append("xref\n0 %d\n0000000000 65535 f \n".formatted(objects.size() + 1));
        offsets.forEach(offset -> pdf.append("%010d 00000 n \n".formatted(offset)));
        pdf.append("trailer\n<< /Size %d /Root 1 0 R >>\n".formatted(objects.size() + 1));
        return pdf.append("startxref\n%d\n%%%%EOF\n".formatted(table)).toString();
    }
}
