package postern.web.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers with a problem if the servlet container refused the request before any handler. */
@Hidden
@RestController
final class ContainerErrors implements ErrorController {

    private static final Logger log = LoggerFactory.getLogger(ContainerErrors.class);

    private final ProblemWriter writer;

    ContainerErrors(ProblemWriter writer) {
        this.writer = writer;
    }

    @RequestMapping("${spring.web.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure
                && request.getAttribute(ProblemWriter.INSTEAD) == null
                && !DisconnectedClient.caused(failure)) {
            log.error(
                    "{} failed outside a handler",
                    request.getMethod(),
                    new MessagelessTrace(failure));
        }
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        var code =
                status instanceof Integer number
                        ? ProblemCode.of(HttpStatusCode.valueOf(number))
                        : ProblemCode.NOT_FOUND;
        writer.write(Problem.of(code, null), new HttpHeaders(), request, response);
    }
}
