/// Makes seeded pairs of plausible overhead images together with the exact truth of what changed between them.
///
/// A scene is first laid out as vectors on the ground ([Scene]), then rendered by window for either date
/// ([SceneRenderer]). Every pixel is a pure function of the specification and of its own position, so that a
/// window rendered alone equals the same part of the whole, on any machine and with any number of threads.
/// Transcendental functions go through [StrictMath] for that reason.
@NullMarked
package org.terrachange.data.synthetic;

import org.jspecify.annotations.NullMarked;
