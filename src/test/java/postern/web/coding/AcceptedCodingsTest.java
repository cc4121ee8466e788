package postern.web.coding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedCodingsTest {

    /** RFC 9110 §12.5.3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | false | true",
                "gzip | true | true",
                "GZip | true | true",
                "x-gzip | true | true",
                "br, gzip;q=0.5 | true | true",
                "gzip;q=0 | false | true",
                "gzip; Q=0.0 | false | true",
                "* | true | true",
                "gzip;q=0, * | false | true",
                "*;q=0 | false | false",
                "gzip, *;q=0 | true | false",
                "identity;q=0 | false | false",
                "gzip, identity;q=0 | true | false",
                "gzip;q=0.5, identity | false | true",
                "gzip;q=x | false | true",
                "gzip;q=NaN | false | true",
                "deflate, br | false | true",
                ";;,=,q | false | true"
            })
    void saysWhatAClientTakes(String header, boolean gzip, boolean identity) {
        assertThat(AcceptedCodings.of(List.of(header)))
                .isEqualTo(new AcceptedCodings(gzip, identity));
    }
}
