package org.terrachange.server.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;
import org.terrachange.server.web.ErrorPage;

/// Fills the templates, which the build has turned into classes.
public final class Views {
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    /// The page of an error.
    public ErrorPage errorPage() {
        return problem -> page("error", Map.of("problem", problem));
    }

    /// Fills a template.
    ///
    /// @param name of the file without its extension
    /// @param parameters that the template declares
    String page(String name, Map<String, Object> parameters) {
        StringOutput html = new StringOutput();
        templates.render(name + ".jte", parameters, html);
        return html.toString();
    }
}
