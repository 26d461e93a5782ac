/// Shows the answer of a search: tables for programs, pictures for people.
@NullMarked
package org.terrachange.search.present;

import org.jspecify.annotations.NullMarked;
