package org.terrachange.server.guard;

/// Asks people for the token.
@FunctionalInterface
public interface SignInPage {
    /// As little as will do.
    SignInPage PLAIN =
            refused -> """
            <!doctype html>
            <html lang="en">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>Sign in - TerraChange</title>
                <link rel="stylesheet" href="/static/app.css">
            </head>
            <body>
                <main>
                    <h1>TerraChange</h1>
                    %s
                    <form method="post" action="/sign-in">
                        <label for="token">Token of this server</label>
                        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
                        <button type="submit">Sign in</button>
                    </form>
                </main>
            </body>
            </html>
            """.formatted(refused ? "<p role=\"alert\">That is not the token of this server.</p>" : "");

    /// @param refused whether a token was given that is not the one
    /// @return a whole HTML page with a form that posts `token` to `/sign-in`
    String html(boolean refused);
}
