/// Who may ask and how often: tokens, rates, same-origin checks and the headers that browsers obey.
@NullMarked
package org.terrachange.server.guard;

import org.jspecify.annotations.NullMarked;
