/// The terrachange command: one class a subcommand, nothing but parsing, calling and reporting.
@NullMarked
package org.terrachange.cli;

import org.jspecify.annotations.NullMarked;
