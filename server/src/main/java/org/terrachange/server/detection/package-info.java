/// The process `detect-changes`: what it takes, what it understood of two images, and its run.
@NullMarked
package org.terrachange.server.detection;

import org.jspecify.annotations.NullMarked;
