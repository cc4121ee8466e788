package postern.web;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import postern.web.contract.DownloadOperation;
import postern.web.contract.NullRemoves;
import postern.web.contract.SendsHeaders;
import postern.web.problem.DeclaresProblems;

/** A small contract with one example of everything that ours uses. */
@TestConfiguration(proxyBeanMethods = false)
@Profile(SampleContract.PROFILE)
@Import({SampleContract.Letters.class, SampleContract.Visits.class})
class SampleContract {

    static final String PROFILE = "sample-contract";

    @Schema(description = "Names a letter.", example = "l1AbC")
    record LetterId(@JsonValue String value) {
        @JsonCreator
        static LetterId of(String value) {
            return new LetterId(value);
        }
    }

    @Schema(description = "Flags that are set.", example = "{\"$seen\": true}")
    record Marks(@JsonValue Map<String, Boolean> values) {}

    enum Priority {
        @JsonProperty("low")
        LOW,
        @JsonProperty("high")
        HIGH
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = PlainPaper.class, name = "plain"),
        @JsonSubTypes.Type(value = RuledPaper.class, name = "ruled")
    })
    sealed interface Paper permits PlainPaper, RuledPaper {}

    record PlainPaper(int grams) implements Paper {}

    record RuledPaper(int lines, @Nullable String colour) implements Paper {}

    record Letter(
            LetterId id,
            Marks marks,
            @Schema(description = "What it is about.", example = "Rent") @Nullable String subject,
            Instant receivedAt,
            long size,
            Priority priority,
            Paper paper,
            @Nullable Paper envelope,
            List<LetterId> replies,
            List<@Nullable String> lines) {}

    record LetterPage(List<Letter> items, @Nullable LetterId nextCursor) {}

    record LetterPatch(
            @Nullable Map<String, @Nullable Boolean> marks,
            @NullRemoves @Nullable LetterId answers,
            @NullRemoves @Nullable Priority priority) {}

    record Draft(String subject, @Nullable Priority priority) {}

    record LetterFilter(
            @Parameter(description = "Only from this sender.") @Nullable String from,
            @Parameter(description = "Only with these flags.") @Nullable List<String> flag) {}

    record Visit(String token, Instant expiresAt) {}

    record Caller(String name) {}

    @RestController
    @Profile(PROFILE)
    @RequestMapping("/v1/letters")
    @Tag(name = "letters", description = "Letters and what is on them.")
    static class Letters {

        @GetMapping
        @Operation(operationId = "listLetters", summary = "List letters")
        @SendsHeaders(HttpHeaders.ETAG)
        ResponseEntity<LetterPage> list(
                Caller caller,
                @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
                @RequestParam @Nullable LetterId cursor,
                @RequestParam(defaultValue = "low") Priority priority,
                @ParameterObject LetterFilter filter) {
            return ResponseEntity.ok(new LetterPage(List.of(), null));
        }

        @PostMapping(consumes = "message/rfc822")
        @Operation(operationId = "createLetter", summary = "Store a letter")
        @RequestBody(
                required = true,
                content =
                        @Content(
                                mediaType = "message/rfc822",
                                schema = @Schema(type = "string", format = "binary")))
        @ResponseStatus(HttpStatus.CREATED)
        @SendsHeaders({HttpHeaders.LOCATION, HttpHeaders.ETAG})
        @DeclaresProblems({404, 413, 507})
        Letter store(Caller caller, InputStream octets) {
            throw new UnsupportedOperationException();
        }

        @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
        @Operation(operationId = "createLetter", summary = "Store a letter")
        @ResponseStatus(HttpStatus.CREATED)
        @SendsHeaders({HttpHeaders.LOCATION, HttpHeaders.ETAG})
        @DeclaresProblems({404, 413, 507})
        Letter compose(
                Caller caller, @org.springframework.web.bind.annotation.RequestBody Draft draft) {
            throw new UnsupportedOperationException();
        }

        @PatchMapping(path = "/{letterId}", consumes = "application/merge-patch+json")
        @Operation(operationId = "updateLetter", summary = "Mark a letter")
        @DeclaresProblems({404, 410, 412})
        Letter update(
                Caller caller,
                @PathVariable @Parameter(description = "Which letter.") LetterId letterId,
                @org.springframework.web.bind.annotation.RequestBody LetterPatch patch) {
            throw new UnsupportedOperationException();
        }

        @DeleteMapping("/{letterId}")
        @Operation(operationId = "deleteLetter", summary = "Burn a letter")
        @ResponseStatus(HttpStatus.NO_CONTENT)
        @DeclaresProblems({404, 410})
        void delete(Caller caller, @PathVariable LetterId letterId) {}

        @GetMapping("/{letterId}/raw")
        @Operation(operationId = "downloadLetter", summary = "Download a letter")
        @DownloadOperation(value = "message/rfc822", ranges = true)
        @SendsHeaders(HttpHeaders.ETAG)
        @DeclaresProblems({404, 410})
        void raw(Caller caller, @PathVariable LetterId letterId, HttpServletResponse response)
                throws IOException {
            response.setContentType("message/rfc822");
            response.getOutputStream().write("Subject: x\r\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @RestController
    @Profile(PROFILE)
    @RequestMapping("/v1/visits")
    @Tag(name = "visits", description = "Who comes by.")
    static class Visits {

        @PostMapping
        @Operation(operationId = "createVisit", summary = "Come in")
        @ResponseStatus(HttpStatus.CREATED)
        @SecurityRequirements
        Visit come(@org.springframework.web.bind.annotation.RequestBody Draft draft) {
            throw new UnsupportedOperationException();
        }

        @GetMapping("/rules")
        @Operation(operationId = "getRules", summary = "Read the rules")
        @DeclaresProblems(imap = false)
        List<String> rules() {
            return List.of();
        }
    }

    @Bean
    WebMvcConfigurer callers() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerResolver());
            }
        };
    }

    private static final class CallerResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType().equals(Caller.class);
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer mavContainer,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binderFactory) {
            return new Caller("anne");
        }
    }
}
