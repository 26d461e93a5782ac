package org.terrachange.server.rest;

import io.javalin.http.Context;
import org.terrachange.server.web.Refusal;

/// Numbers in the query of a request.
final class Queries {
    private Queries() {}

    /// A whole number in a range.
    ///
    /// @param otherwise where the query does not name it
    /// @throws Refusal with 400 if it is none, or outside the range
    static int number(Context context, String name, int otherwise, int least, int most) {
        String text = context.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw Refusal.badRequest(name + " must be a whole number from " + least + " to " + most + ", got '"
                + Refusal.quoted(text) + "'");
    }
}
