package org.terrachange.server;

import io.javalin.config.JavalinConfig;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.terrachange.server.web.JettyErrors;

/// How connections come in: plain or encrypted, and none that keeps the server waiting for its next byte.
final class HttpConnectors {
    private static final long IDLE_MILLIS = 60_000;

    private static final long GRACE_MILLIS = 2_000;

    private HttpConnectors() {}

    static void configure(JavalinConfig config, ServerOptions options) {
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setIdleTimeout(IDLE_MILLIS);
        });
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(GRACE_MILLIS);
            server.setErrorHandler(new JettyErrors());
        });
        config.jetty.addConnector((server, http) -> connector(server, http, options));
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, ServerOptions options) {
        ServerConnector connector = options.tls().isPresent()
                ? new ServerConnector(
                        server,
                        new SslConnectionFactory(certificate(options.tls().get()), "http/1.1"),
                        new HttpConnectionFactory(secure(http)))
                : new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    private static HttpConfiguration secure(HttpConfiguration http) {
        // The guard knows which names are answered; the certificate may have others.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return http;
    }

    private static SslContextFactory.Server certificate(ServerOptions.Tls tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setKeyStorePath(tls.keystore().toAbsolutePath().toString());
        factory.setKeyStoreType("PKCS12");
        factory.setKeyStorePassword(tls.password());
        return factory;
    }
}
