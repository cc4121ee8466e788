package postern.thread;

import java.util.Arrays;
import java.util.List;
import postern.fuzz.FuzzTarget;
import postern.web.IdReaders;
import postern.web.problem.ProblemException;

/** Fuzz targets for the parsers of Message-ID, In-Reply-To and References. */
public final class ThreadReaders {

    private ThreadReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of(
                                "references",
                                it -> Arrays.toString(ReferenceHeader.parse(it).references()))
                        .of(
                                "Message-ID: <1@x>\r\n",
                                "In-Reply-To: <2@x> (a)\r\n",
                                "References: <3@x>\r\n <4@x>\r\n",
                                "<\"a b\"@x>",
                                "<",
                                ">",
                                "\r\n",
                                "(",
                                "\""),
                FuzzTarget.of(
                                "thread cursor",
                                it -> ThreadListPosition.of(IdReaders.cursor(it)).toString())
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of("t\u000e\u0018\u0020", "\u007f"));
    }
}
