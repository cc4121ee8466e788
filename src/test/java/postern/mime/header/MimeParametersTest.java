package postern.mime.header;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MimeParametersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "filename | report.pdf | report.pdf",
                "FileName | report.pdf | report.pdf",
                "filename* | UTF-8''na%C3%AFve%20caf%c3%a9.txt | naïve café.txt",
                "filename* | iso-8859-1'en'%A3%20rates | £ rates",
                "filename* | ''plain.txt | plain.txt",
                "filename* | no%20prefix.txt | no prefix.txt",
                "filename* | it's%20mine.txt | it's mine.txt",
                "filename* | x-unknown''caf%C3%A9 | café",
                "filename* | utf-8''100%.txt | 100%.txt",
                "filename* | utf-8''bad%zzend%4 | bad%zzend%4",
                "filename* | utf-8''=?utf-8?Q?caf=C3=A9?= | café",
                "filename* | utf-8''a%0D%0Ab%00c | abc",
                "filename | UTF-8''na%C3%AFve.txt | naïve.txt",
                "filename | 100%20.txt | 100%20.txt",
                "filename | =?utf-8?B?Y2Fmw6kucGRm?= | café.pdf",
                "filename*0 | whole.txt | whole.txt",
                "filename*0* | utf-8''caf%C3%A9 | café",
                "filename*x | odd | ",
            })
    void decodesEveryForm(String name, String value, String filename) {
        assertThat(decode(name, value).get("filename")).isEqualTo(filename);
    }

    @Test
    void joinsSectionsInTheOrderOfTheirNumbers() {
        var parameters =
                decode("filename*2", "c", "filename*0", "a", "FILENAME*1", "b", "size", "3");

        assertThat(parameters.get("filename")).isEqualTo("abc");
        assertThat(parameters.all()).containsOnlyKeys("filename", "size");
    }

    @Test
    void joinsTenSectionsByNumberAndNotByName() {
        var raw = new LinkedHashMap<String, byte[]>();
        for (int i = 11; i >= 0; i--) {
            raw.put("name*" + i, new byte[] {(byte) ('a' + i)});
        }

        assertThat(MimeParameters.decode(raw).get("name")).isEqualTo("abcdefghijkl");
    }

    @Test
    void decodesOctetsAfterJoiningSections() {
        var parameters = decode("filename*1*", "%A9.txt", "filename*0*", "utf-8''50%25%20caf%C3");

        assertThat(parameters.get("filename")).isEqualTo("50% café.txt");
    }

    @Test
    void leavesPercentSignsOfPlainSectionsAlone() {
        var parameters =
                decode(
                        "filename*0*",
                        "utf-8'en'caf%C3%A9",
                        "filename*1",
                        " 100%20",
                        "filename*2*",
                        "%21");

        assertThat(parameters.get("filename")).isEqualTo("café 100%20!");
    }

    @Test
    void decodesEncodedWordsSplitBetweenSections() {
        var parameters = decode("name*0", "=?utf-8?B?Y2Fm", "name*1", "w6k=?=");

        assertThat(parameters.get("name")).isEqualTo("café");
    }

    @Test
    void bridgesMissingSections() {
        assertThat(decode("name*1", "b", "name*3", "d").get("name")).isEqualTo("bd");
    }

    @Test
    void prefersTheExtendedForm() {
        var parameters = decode("filename", "cafe.txt", "filename*", "utf-8''caf%C3%A9.txt");

        assertThat(parameters.get("FILENAME")).isEqualTo("café.txt");
    }

    @Test
    void readsRawOctets() {
        assertThat(MimeParameters.decode(Map.of("name", "é.txt".getBytes(UTF_8))).get("name"))
                .isEqualTo("é.txt");
        assertThat(MimeParameters.decode(Map.of("name", "é.txt".getBytes(ISO_8859_1))).get("name"))
                .isEqualTo("é.txt");
    }

    @Test
    void hasNothingWhereNothingWasSaid() {
        assertThat(decode().get("filename")).isNull();
    }

    @Test
    void acceptsNamesThatAreHardlyNames() {
        var parameters =
                decode(
                        "*",
                        "a",
                        "b**",
                        "b",
                        "",
                        "c",
                        "x*99999999999",
                        "d",
                        "y*-1",
                        "e",
                        "z*0**",
                        "f");

        assertThat(parameters.all()).containsValues("a", "b", "c", "d", "e", "f");
    }

    @Test
    @Timeout(60) // guards against quadratic time
    void joinsAHundredThousandSections() {
        var raw = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < 100_000; i++) {
            raw.put("filename*" + i + "*", "%41%42%43%44%45".getBytes(ISO_8859_1));
        }

        assertThat(MimeParameters.decode(raw).get("filename")).hasSize(500_000);
    }

    private static MimeParameters decode(String... namesAndValues) {
        var raw = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            raw.put(namesAndValues[i], namesAndValues[i + 1].getBytes(ISO_8859_1));
        }
        return MimeParameters.decode(raw);
    }
}
