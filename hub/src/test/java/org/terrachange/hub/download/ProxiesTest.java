package org.terrachange.hub.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final URI ADDRESS = URI.create("https://models.example.org/a.pth");

    private static Proxy chosen(Map<String, String> environment, URI address) {
        return new Proxies(environment, _ -> false).select(address).getFirst();
    }

    private static Proxy proxy(String host, int port) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    @Test
    void eachSchemeHasItsProxyInCapitalsOrNot() {
        Map<String, String> environment =
                Map.of("https_proxy", "http://secure:3128", "HTTP_PROXY", "plain", "ALL_PROXY", "http://rest:1");

        assertThat(chosen(environment, ADDRESS)).isEqualTo(proxy("secure", 3128));
        assertThat(chosen(environment, URI.create("http://example.org/"))).isEqualTo(proxy("plain", 80));
        assertThat(chosen(Map.of("ALL_PROXY", "http://rest:1"), ADDRESS)).isEqualTo(proxy("rest", 1));
        assertThat(chosen(Map.of(), ADDRESS)).isEqualTo(Proxy.NO_PROXY);
        assertThat(chosen(Map.of("HTTPS_PROXY", " "), ADDRESS)).isEqualTo(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "example.org, true",
        ".example.org, true",
        "*.example.org, true",
        "'localhost, MODELS.example.org', true",
        "models.example.org:443, true",
        "models.example.org:80, false",
        "ple.org, false",
        "other.org, false"
    })
    void exemptHostsAreReachedDirectly(String exempt, boolean direct) {
        Proxy found = chosen(Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", exempt), ADDRESS);

        assertThat(found.equals(Proxy.NO_PROXY)).isEqualTo(direct);
    }

    @Test
    void systemPropertiesWin() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://proxy:3128");
        Proxies proxies = new Proxies(environment, "https.proxyHost"::equals);

        // The platform's own selector reads the real properties, which are not set here.
        assertThat(proxies.select(ADDRESS)).containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void onlyTheProxyLearnsItsPassword() throws Exception {
        Proxies proxies = new Proxies(Map.of("HTTPS_PROXY", "http://me:p%40ss@proxy:3128"), _ -> false);
        Authenticator authenticator = proxies.authenticator().orElseThrow();

        PasswordAuthentication login = ask(authenticator, "proxy", Authenticator.RequestorType.PROXY);
        assertThat(login.getUserName()).isEqualTo("me");
        assertThat(login.getPassword()).containsExactly("p@ss".toCharArray());
        assertThat(ask(authenticator, "proxy", Authenticator.RequestorType.SERVER))
                .isNull();
        assertThat(ask(authenticator, "other", Authenticator.RequestorType.PROXY))
                .isNull();
        assertThat(new Proxies(Map.of("HTTPS_PROXY", "http://proxy:3128"), _ -> false).authenticator())
                .isEmpty();
    }

    private static PasswordAuthentication ask(
            Authenticator authenticator, String host, Authenticator.RequestorType type) throws Exception {
        InetAddress nowhere = null;
        return authenticator.requestPasswordAuthenticationInstance(
                host, nowhere, 3128, "http", "", "basic", ADDRESS.toURL(), type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://proxy:1080", "https://proxy", "http://", "a b"})
    void whatIsNoHttpProxyIsRefusedByTheVariable(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proxies(Map.of("HTTPS_PROXY", value), _ -> false))
                .withMessageContaining("HTTPS_PROXY");
    }
}
