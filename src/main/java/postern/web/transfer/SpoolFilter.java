package postern.web.transfer;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Releases the disk space reserved for a request's files after they have been deleted. */
@Component
final class SpoolFilter extends OncePerRequestFilter {

    private final SpoolSpace space;

    SpoolFilter(SpoolSpace space) {
        this.space = space;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } finally {
            space.giveBackOf(request);
        }
    }
}
