package postern.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.imap.OriginatingAddress;
import postern.imap.RequestTime;

/** Gives each request its time with the mail server, and the address of its client. */
@Component
final class RequestTimeFilter extends OncePerRequestFilter {

    private final RequestTimeProperties properties;

    RequestTimeFilter(RequestTimeProperties properties) {
        this.properties = properties;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try (var _ = RequestTime.begin(properties.requestTimeout());
                var _ = OriginatingAddress.begin(ClientAddress.of(request).bare())) {
            chain.doFilter(request, response);
        }
    }
}
