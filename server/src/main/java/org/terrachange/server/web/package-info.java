/// What every part of the server shares about HTTP: routes with one address a thing, problems, and JSON.
@NullMarked
package org.terrachange.server.web;

import org.jspecify.annotations.NullMarked;
