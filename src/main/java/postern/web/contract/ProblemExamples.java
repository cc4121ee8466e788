package postern.web.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.MediaType;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;

/** One example of each problem: the code says the most, {@code problems.yaml} the rest. */
final class ProblemExamples {

    private ProblemExamples() {}

    /** Adds the problems that have this status. */
    static void addTo(MediaType media, HttpStatus status) {
        var particulars = ExampleFiles.read("problems.yaml");
        Arrays.stream(ProblemCode.values())
                .filter(code -> code.status() == status && particulars.has(code.toString()))
                .forEach(code -> {
                    ObjectNode problem = Json31.mapper().valueToTree(Problem.of(code, null));
                    problem.setAll((ObjectNode) particulars.get(code.toString()));
                    media.addExamples(code.toString(), new Example().value(problem));
                });
    }
}
