package org.terrachange.server.guard;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.Representation;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// Looks at every request before any other part of the server does.
///
/// Requests come from programs and from pages of this server. A page of another site that a user of this server
/// has open must neither read anything here nor change anything: its requests carry a foreign `Origin`, a
/// foreign `Host`, or are told by the browser as `Sec-Fetch-Site: cross-site`.
public final class Guard implements RouteGroup {
    private static final String SIGN_IN = "/sign-in";
    private static final String SIGN_OUT = "/sign-out";
    private static final String COOKIE = "terrachange-pass";
    private static final String BEARER = "bearer ";
    private static final String FORM_FIELD = "token=";
    private static final int LONGEST_FORM = 4 << 10;

    /// Wrong tokens a minute of one address. The token is long; this keeps the log and the processor quiet.
    private static final int MOST_WRONG = 20;

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self';"
            + " base-uri 'none'; frame-ancestors 'none'";

    private final HostNames hosts;
    private final Optional<Token> token;
    private final RateLimit byAddress;
    private final RateLimit wrong = new RateLimit(MOST_WRONG);
    private final SignInPage page;
    private final boolean https;

    /// @param host that the server listens at
    /// @param names that lead to it besides
    /// @param token that requests must show; none is asked for where absent
    /// @param requestsPerMinute of one address, or of all that show the token from one address
    /// @param https whether connections are encrypted
    public Guard(
            String host,
            List<String> names,
            Optional<String> token,
            int requestsPerMinute,
            SignInPage page,
            boolean https) {
        hosts = new HostNames(host, names);
        this.token = token.map(Token::new);
        byAddress = new RateLimit(requestsPerMinute);
        this.page = page;
        this.https = https;
    }

    /// Makes every request pass here first.
    public void mount(JavalinConfig config) {
        config.routes.before(this::look);
    }

    @Override
    public void addTo(Routes routes) {
        routes.page(SIGN_IN, context -> context.html(page.html(false)));
        routes.form(SIGN_IN, this::signIn);
        routes.form(SIGN_OUT, context -> {
            context.removeCookie(COOKIE, "/");
            context.redirect(SIGN_IN, HttpStatus.SEE_OTHER);
        });
    }

    private void look(Context context) {
        headers(context);
        String host = Objects.requireNonNullElse(context.header("Host"), "");
        if (!hosts.know(host)) {
            throw Refusal.of(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "this server does not answer to the name '" + Refusal.quoted(host)
                            + "'; those who run it can add names with --name");
        }
        limit(byAddress, client(context));
        requireSameOrigin(context, host);
        if (token.isPresent() && !isOpen(context)) {
            requireToken(context, token.get());
        }
    }

    private void headers(Context context) {
        context.header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        if (https) {
            context.header("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private static String client(Context context) {
        return context.req().getRemoteAddr();
    }

    private static void limit(RateLimit limit, String client) {
        long seconds = limit.take(client, System.nanoTime());
        if (seconds > 0) {
            throw tooMany(seconds);
        }
    }

    private static Refusal tooMany(long seconds) {
        return Refusal.of(HttpStatus.TOO_MANY_REQUESTS, "too many requests; try again in " + seconds + " s")
                .withHeader("Retry-After", Long.toString(seconds));
    }

    private static void requireSameOrigin(Context context, String host) {
        if (SAFE.contains(context.req().getMethod())) {
            return;
        }
        String site = context.header("Sec-Fetch-Site");
        String origin = context.header("Origin");
        boolean foreign = (site != null && !site.equals("same-origin") && !site.equals("none"))
                || (origin != null && !isOrigin(origin, host));
        // Browsers say where a request comes from, so one with their cookie that does not say is none of theirs.
        boolean hidden = site == null && origin == null && context.cookie(COOKIE) != null;
        if (foreign || hidden) {
            throw Refusal.of(
                    HttpStatus.FORBIDDEN, "requests that change something must come from a page of this server");
        }
    }

    private static boolean isOrigin(String origin, String host) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// What is answered without a token: whether the server is there, and what the page that asks for it needs.
    private static boolean isOpen(Context context) {
        String path = context.path();
        return path.equals("/health")
                || path.equals(SIGN_IN)
                || path.startsWith("/static/")
                || path.equals("/favicon.ico");
    }

    private void requireToken(Context context, Token wanted) {
        String authorization = context.header("Authorization");
        String pass = context.cookie(COOKIE);
        // Before the limit: behind a proxy all share one address, and who guesses there must not lock out those who
        // are signed in. A pass is nothing to guess.
        if (authorization == null && pass != null && wanted.accepts(pass, Instant.now())) {
            return;
        }
        String client = client(context);
        if (wrong.isExhausted(client, System.nanoTime())) {
            throw tooMany(60 / MOST_WRONG);
        }
        if (authorization != null) {
            boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
            if (bearer
                    && wanted.matches(authorization.substring(BEARER.length()).strip())) {
                return;
            }
            long _ = wrong.take(client, System.nanoTime());
            throw unauthorized("the token is not the one of this server");
        }
        if (context.req().getMethod().equals("GET") && Representation.of(context) == Representation.HTML) {
            throw Refusal.of(HttpStatus.SEE_OTHER, "sign in first").withHeader("Location", SIGN_IN);
        }
        throw unauthorized("show the token of this server: Authorization: Bearer TOKEN");
    }

    private static Refusal unauthorized(String detail) {
        return Refusal.of(HttpStatus.UNAUTHORIZED, detail).withHeader("WWW-Authenticate", "Bearer");
    }

    private void signIn(Context context) throws IOException {
        String client = client(context);
        if (wrong.isExhausted(client, System.nanoTime())) {
            throw tooMany(60 / MOST_WRONG);
        }
        Optional<String> shown = tokenOfForm(context);
        if (token.isPresent() && (shown.isEmpty() || !token.get().matches(shown.get()))) {
            long _ = wrong.take(client, System.nanoTime());
            context.status(HttpStatus.FORBIDDEN).html(page.html(true));
            return;
        }
        if (token.isPresent()) {
            Cookie cookie = new Cookie(COOKIE, token.get().pass(Instant.now()));
            cookie.setPath("/");
            cookie.setHttpOnly(true);
            cookie.setSecure(https);
            cookie.setSameSite(SameSite.STRICT);
            cookie.setMaxAge((int) Token.PASS_LIFETIME.toSeconds());
            context.cookie(cookie);
        }
        context.redirect("/", HttpStatus.SEE_OTHER);
    }

    /// Read here rather than by the servlet, which would take forms of any length.
    private static Optional<String> tokenOfForm(Context context) throws IOException {
        @Nullable String type = context.contentType();
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            throw Refusal.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "send the form as application/x-www-form-urlencoded");
        }
        byte[] body = context.req().getInputStream().readNBytes(LONGEST_FORM + 1);
        if (body.length > LONGEST_FORM) {
            throw Refusal.of(HttpStatus.CONTENT_TOO_LARGE, "the form is too long");
        }
        for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            if (field.startsWith(FORM_FIELD)) {
                try {
                    return Optional.of(URLDecoder.decode(field.substring(FORM_FIELD.length()), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw Refusal.badRequest("the form is not encoded as forms are");
                }
            }
        }
        return Optional.empty();
    }
}
