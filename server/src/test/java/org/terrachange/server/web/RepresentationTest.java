package org.terrachange.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepresentationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8|HTML",
                "*/*|JSON",
                "application/json|JSON",
                "application/geo+json|JSON",
                "text/html;q=0.5, application/json|JSON",
                "application/json;q=0.2, text/html;q=0.9|HTML",
                "TEXT/HTML|HTML",
                "text/html;q=nonsense|HTML",
                "text/html;q=0|JSON",
                "''|JSON",
                "image/png|JSON"
            })
    void browsersGetPagesAndProgramsGetJson(String accept, Representation wanted) {
        assertThat(Representation.ofAccept(accept)).isEqualTo(wanted);
    }
}
